import { useEffect, useState } from "react";
import { plainMoney } from "../amounts";
import { call, type KontorError } from "../call";
import { Button } from "../parts/Button";
import { useAction, useCommandId } from "../reading";
import { amend, go, to } from "../routes";
import { useSpeech } from "../words";
import { nextAction, nextOf, type RefundCase } from "./cases";
import { AskProofDialog, RecallDialog, RejectDialog, WithdrawDialog } from "./dialogs";
import type { Typed } from "./Retyping";
import { whyNotText } from "./why";

interface Props {
  refund: RefundCase;
  /** A refusal often means that the page is behind: figures moved, or a colleague came first. */
  onStale(): void;
  onRefusal(error: KontorError | null): void;
  /** What the approver of a large refund typed from the papers. */
  typed: Typed | null;
}

type Asking = "reject" | "withdraw" | "proof" | "recall" | null;
/** Not decisions of a queue: after these one stays with the case. */
const stays = ["refunds.withdraw", "refunds.add_proof", "refunds.recall_approval"];

/** The next step large, the ways out beside it; what is not possible now says why in its place. */
export function Actions({ refund, onStale, onRefusal, typed }: Props) {
  const { words } = useSpeech();
  const text = words.refunds.actions;
  const [asking, setAsking] = useState<Asking>(null);
  const steps = useSteps({ refund, onStale, onRefusal, typed });
  const of = (action: string) => refund.actions.find((one) => one.action === action);
  const may = (action: string) => of(action)?.allowed ?? false;
  const blocked = (action: string) => (may(action) ? null : whyNotText(words, of(action)?.why ?? ""));
  const step = nextAction(refund);
  const untyped = step === "refunds.approve" && refund.needs_retyping && !typed && may(step) ? words.refunds.retyping.needed : null;
  const dialog = {
    refund,
    onClose: () => setAsking(null),
    onDone: (action: string) => {
      setAsking(null);
      void steps.done(action);
    },
  };
  return (
    <>
      {may("refunds.withdraw") && (
        <Button onClick={() => setAsking("withdraw")} data-testid="refund-withdraw">
          {text.withdraw}
        </Button>
      )}
      {may("refunds.recall_approval") && (
        <Button onClick={() => setAsking("recall")} data-testid="refund-recall">
          {text.recall}
        </Button>
      )}
      {may("refunds.reject") && (
        <Button onClick={() => setAsking("reject")} data-testid="refund-reject">
          {text.reject}
        </Button>
      )}
      {may("refunds.ask_proof") && (
        <Button keys="m" onClick={() => setAsking("proof")} data-testid="refund-ask-proof">
          {text.askProof}
        </Button>
      )}
      {refund.proof_asked_at !== null && step && (
        <Button kind={may("refunds.add_proof") ? "primary" : "plain"} keys="p" busy={steps.busy} blocked={blocked("refunds.add_proof")} onClick={() => void steps.take("refunds.add_proof")} data-testid="refund-add-proof">
          {text.addProof}
        </Button>
      )}
      {step && <NextStep step={step} net={untyped ? "…" : plainMoney(refund.worksheet.net)} busy={steps.busy} blocked={untyped ?? blocked(step)} onTake={() => void steps.take(step)} />}
      {asking === "reject" && <RejectDialog {...dialog} />}
      {asking === "withdraw" && <WithdrawDialog {...dialog} />}
      {asking === "recall" && <RecallDialog {...dialog} />}
      {asking === "proof" && <AskProofDialog {...dialog} />}
    </>
  );
}

function NextStep({ step, net, busy, blocked, onTake }: { step: string; net: string; busy: boolean; blocked: string | null; onTake(): void }) {
  const text = useSpeech().words.refunds.actions;
  const same = { kind: "primary" as const, busy, blocked, onClick: onTake };
  switch (step) {
    case "refunds.review":
      return <Button {...same} keys="v" data-testid="refund-review">{text.review}</Button>;
    case "refunds.approve":
      return <Button {...same} keys="a" data-testid="refund-approve">{text.approve(net)}</Button>;
    case "refunds.approve_second":
      return <Button {...same} keys="a" data-testid="refund-approve-second">{text.approveSecond(net)}</Button>;
    default:
      return <Button {...same} keys="r" data-testid="refund-release">{text.release(net)}</Button>;
  }
}

/** Takes a step and, where it was a decision, opens the next case that waits for this person. */
function useSteps({ refund, onStale, onRefusal, typed }: Props) {
  const review = useAction("refunds.review");
  const approve = useAction("refunds.approve");
  const second = useAction("refunds.approve_second");
  const release = useAction("refunds.release");
  const addProof = useAction("refunds.add_proof");
  const form = useCommandId();
  const all = [review, approve, second, release, addProof];
  const busy = all.some((one) => one.busy);
  const refusal = all.map((one) => one.refusal).find((error) => error !== null) ?? null;
  useEffect(() => onRefusal(refusal), [refusal, onRefusal]);

  const done = async (action: string) => {
    form.renew();
    if (stays.includes(action)) return;
    const here = window.location.hash;
    const waiting = await call("refunds.list", { wanted: "mine", maximum: 100 }).catch(() => []);
    // Whoever has gone elsewhere meanwhile is not fetched back.
    if (window.location.hash !== here) return;
    const next = nextOf(waiting, refund);
    const address = to(`/refunds/${next?.id ?? refund.id}`, { did: action, number: refund.number, from: refund.id });
    if (next) go(address);
    else amend(address);
  };
  const send = (action: string): Promise<unknown> => {
    const id = { command_id: form.id, refund_id: refund.id };
    switch (action) {
      case "refunds.review":
        return review.send(id);
      case "refunds.approve":
        // The approval binds to what is on the screen: if anything moved since, it is refused.
        return approve.send({ ...id, digest: refund.digest, ...(typed ? { typed_net: typed.net, typed_payee: typed.payee } : {}) });
      case "refunds.approve_second":
        return second.send(id);
      case "refunds.release":
        return release.send(id);
      default:
        return addProof.send(id);
    }
  };
  const take = async (action: string) => {
    if (busy) return;
    all.forEach((one) => one.forget());
    if (await send(action)) await done(action);
    else onStale();
  };
  return { busy, done, take };
}
