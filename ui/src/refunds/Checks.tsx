import type { ReactNode } from "react";
import { Chip } from "../parts/Chip";
import { Line, Panel } from "../parts/Panel";
import { plainMoney } from "../amounts";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { figuresMoved, isOpen, type RefundCase } from "./cases";
import { whyNot, whyNotText } from "./why";
import classes from "./refunds.module.css";

/** What a decision rests on, each with its verdict; green is settled, amber wants a look. */
export function Checks({ refund }: { refund: RefundCase }) {
  const { words } = useSpeech();
  const text = words.refunds.checks;
  const decides = useDuty("reviewer", "approver", "treasurer");
  if (!isOpen(refund.status)) return null;
  const { worksheet } = refund;
  const yes = (more?: string): ReactNode => <Chip tone="green">✓{more && ` ${more}`}</Chip>;
  const look = (what: string, title?: string): ReactNode => <Chip tone="amber" title={title}>{what}</Chip>;
  const stop = worksheet.reason === "account_locked" || worksheet.reason === "refund_stopped_by_dispute" ? worksheet.reason : refund.suspended_by_dispute ? "refund_stopped_by_dispute" : null;
  const opened = refund.attachments.filter((paper) => paper.opened_by_me).length;
  const all = refund.attachments.length;
  const transfers = worksheet.lots.filter((lot) => lot.route === "manual_transfer");
  const elsewhere = refund.same_ticket.filter((one) => one.id !== refund.id);
  const net = plainMoney(worksheet.net);
  const moved = figuresMoved(refund);
  const figures = { requested: text.figuresNew, approved: text.figuresApproved }[refund.status] ?? text.figures;
  return (
    <Panel title={text.title} aside={text.hint} data-testid="refund-checks">
      <Line verdict={moved ? look(text.moved) : yes(net)}>{figures}</Line>
      <Line verdict={stop ? look(text.stopped, whyNotText(words, stop)) : yes()}>{text.noLock}</Line>
      <Line verdict={yes(plainMoney(worksheet.gross))}>{text.held}</Line>
      <Line verdict={worksheet.provisional ? look(`${plainMoney(worksheet.unbilled)} ${text.unbilled}`) : yes()}>{text.billed}</Line>
      {decides && <Line verdict={opened === all ? yes(`${opened}/${all}`) : look(`${opened}/${all}`)}>{text.opened}</Line>}
      {transfers.length > 0 && (
        <Line verdict={transfers.every((lot) => lot.payer_is_holder) ? yes() : look(text.otherPayer)}>{text.holder}</Line>
      )}
      <Line verdict={refund.second_approved_at ? yes(text.given) : refund.needs_second_approval ? look(text.needed) : <Chip>{text.notNeeded}</Chip>}>{text.second}</Line>
      <Line
        verdict={
          elsewhere.length === 0
            ? <Chip>{text.none}</Chip>
            : elsewhere.map((one) => (
                <a key={one.id} className={classes.case} href={`#/${one.kind}s/${one.id}`}>
                  {one.number}
                </a>
              ))
        }
      >
        {text.ticket}
      </Line>
    </Panel>
  );
}

/** Every action of the case: possible now, or why not. */
export function WhatNow({ refund }: { refund: RefundCase }) {
  const { words } = useSpeech();
  const text = words.refunds.actions;
  if (!isOpen(refund.status)) return null;
  const sorted = [...refund.actions].sort((a, b) => Number(b.allowed) - Number(a.allowed));
  return (
    <Panel title={text.title} data-testid="refund-actions">
      {sorted.map((one) => {
        const said = one.why ? whyNot(words, one.why) : null;
        return (
          <div key={one.action} className={classes.action} data-testid="refund-action" data-action={one.action} data-allowed={one.allowed} data-why={one.why ?? undefined}>
            <span>{text.names[one.action] ?? one.action}</span>
            {one.allowed ? (
              <Chip tone="green">{text.yes}</Chip>
            ) : (
              <span className={classes.whyNot} title={said ? [said.why, said.next].filter(Boolean).join(" ") : undefined}>
                {said?.what}
                {said?.clause && ` · ${said.clause}`}
              </span>
            )}
          </div>
        );
      })}
    </Panel>
  );
}
