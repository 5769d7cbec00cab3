import type { ReactNode } from "react";
import { Steps, type Step } from "../parts/Steps";
import { useNow, useSession } from "../session";
import { useSpeech } from "../words";
import { isClosed, isOpen, nextAction, type RefundCase } from "./cases";

/** Who did what when, where it stands, and who is next: the strip over the page. */
export function RefundSteps({ refund }: { refund: RefundCase }) {
  const { words, formats } = useSpeech();
  const { login } = useSession();
  const text = words.refunds.steps;
  const did = (by: string | null, at: string | null, more?: ReactNode) => (
    <>
      <strong>{by}</strong>
      {by === login && text.you} {at && formats.instant(at)}
      {more && <> · {more}</>}
    </>
  );
  const asked = refund.proof_asked_at !== null && isOpen(refund.status);
  const stopped = refund.waits_for === "dispute";
  const waits = (step: string): Step["state"] => (isNow(refund, step) ? (asked || stopped ? "stopped" : "now") : "ahead");
  const pause = stopped ? words.refunds.waits.dispute : asked ? text.askedFor(refund.proof_asked_for ?? "") : null;
  const now = useNow();
  // A wait that policy asks for runs down before everybody's eyes: late usage may still come, an approval may be taken back.
  const opens = { reviewed: refund.quiet_until, approved: refund.release_opens_at }[refund.status] ?? null;
  const wait = opens && Date.parse(opens) > now.getTime() ? text.opens(formats.instant(opens), formats.span(Date.parse(opens) - now.getTime())) : null;
  const ahead = (step: string, otherwise: string) => (isNow(refund, step) ? (pause ?? wait ?? otherwise) : otherwise);
  // Whose turn it is: mine, if the database would let me take the step.
  const mine = (title: string, action: string) => (nextAction(refund) === action && refund.actions.some((one) => one.action === action && one.allowed) ? title + text.you : title);
  const lots = refund.legs.length || refund.worksheet.lots.length;
  const confirmed = refund.legs.filter((leg) => leg.status === "confirmed").length;

  const steps: Step[] = [
    { id: "requested", title: text.requested, state: "done", detail: did(refund.requested_by, refund.requested_at, text.giftsConfirmed) },
    {
      id: "reviewed",
      title: mine(text.reviewed, "refunds.review"),
      state: refund.reviewed_at ? "done" : waits("requested"),
      detail: refund.reviewed_at ? did(refund.reviewed_by, refund.reviewed_at, text.proofs(refund.attachments.length)) : ahead("requested", text.waitsReviewer),
    },
    {
      id: "approved",
      title: mine(text.approved, "refunds.approve"),
      state: refund.approved_at ? "done" : waits("reviewed"),
      detail: refund.approved_at ? did(refund.approved_by, refund.approved_at) : ahead("reviewed", text.waitsApprover),
    },
    ...(refund.needs_second_approval || refund.second_approved_at
      ? [
          {
            id: "second",
            title: mine(text.second, "refunds.approve_second"),
            state: refund.second_approved_at ? ("done" as const) : waits("second"),
            detail: refund.second_approved_at ? did(refund.second_approved_by, refund.second_approved_at) : ahead("second", text.waitsTreasurer),
          },
        ]
      : []),
    {
      id: "released",
      title: mine(text.released, "refunds.release"),
      state: refund.released_at ? "done" : waits("approved"),
      detail: refund.released_at ? did(refund.released_by, refund.released_at) : ahead("approved", text.waitsRelease(lots)),
    },
    {
      id: "paid",
      title: text.paid,
      state: refund.status === "paid" ? "done" : waits("released"),
      detail: refund.paid_at ? formats.instant(refund.paid_at) : refund.legs.length > 0 ? text.confirmed(confirmed, refund.legs.length) : text.waitsStatement,
    },
  ];
  return <Steps label={text.label} steps={closedEarly(refund) ? cutShort(steps, refund) : steps} />;

  function cutShort(all: Step[], closed: RefundCase): Step[] {
    const end: Step = {
      id: "closed",
      title: closed.status === "withdrawn" ? text.withdrawn : text.rejected,
      state: "stopped",
      detail: did(closed.closed_by, closed.closed_at, closed.closing_reason),
    };
    return [...all.filter((step) => step.state === "done"), end];
  }
}

const closedEarly = (refund: RefundCase): boolean => isClosed(refund.status) && refund.status !== "paid";

function isNow(refund: RefundCase, step: string): boolean {
  const waitsSecond = refund.status === "approved" && refund.needs_second_approval && !refund.second_approved_at;
  if (step === "second") return waitsSecond;
  if (step === "approved") return refund.status === "approved" && !waitsSecond;
  return refund.status === step;
}
