import { useState } from "react";
import { plainMoney } from "../amounts";
import { LinkButton } from "../parts/Button";
import { Empty } from "../parts/Loading";
import { Panel } from "../parts/Panel";
import { PaperDialog, type ShownPaper } from "../parts/PaperDialog";
import { Timeline, type Moment } from "../parts/Timeline";
import { useSpeech } from "../words";
import type { DisputeCase } from "./cases";
import { LaneDoors } from "./LaneDoors";
import classes from "./disputes.module.css";

type Event = DisputeCase["timeline"][number];
const lanes = ["third_party", "holder", "platform"] as const;
const good = new Set(["letter_delivered", "served_lock", "accepted", "settled", "evidence_accepted", "repayment_received", "waived", "paid_directly"]);
const bad = new Set(["letter_failed", "evidence_rejected", "evidence_late", "repayment_rejected", "escalated"]);

/** Third party, account holder and platform on one timeline; received and recorded are told apart. */
export function Lanes({ dispute }: { dispute: DisputeCase }) {
  const { words, formats } = useSpeech();
  const text = words.disputes.lanes;
  const [paper, setPaper] = useState<ShownPaper | null>(null);
  // The database writes how a notice went, or which channel was paid through, before the dot.
  const named: Record<string, string> = { ...words.disputes.fields.ways, ...words.disputes.fields.channels };
  const said = (line: string) => line.replace(/^(\w+)(?= · )/, (word) => named[word] ?? word);
  const moment = (event: Event, at: number): Moment => ({
    id: String(at),
    title: (
      <>
        <strong>{text.kinds[event.kind] ?? event.kind}</strong>
        {event.amount && ` ${plainMoney(event.amount, "¥ ")}`}
      </>
    ),
    detail: (
      <>
        {formats.instant(event.at)}
        {event.recorded_at !== event.at && ` · ${text.recorded(formats.instant(event.recorded_at))}`}
        {event.by && ` · ${event.by}`}
        {event.text && event.kind !== "paper_received" && <span className={classes.said}>{said(event.text)}</span>}
        {event.papers.map((one) => (
          <span key={one.id} className={classes.said} title={one.sha256}>
            <LinkButton onClick={() => setPaper(one)} data-testid="lane-paper">
              {one.file_name}
            </LinkButton>
          </span>
        ))}
      </>
    ),
    tone: good.has(event.kind) ? "green" : bad.has(event.kind) ? "amber" : event.lane === "platform" ? "brand" : "plain",
  });
  return (
    <Panel title={text.title} aside={text.hint} data-testid="dispute-lanes">
      <div className={classes.lanes}>
        {lanes.map((lane) => {
          const events = dispute.timeline.filter((event) => event.lane === lane);
          return (
            <div key={lane} className={classes.lane}>
              <h3>{lane === "third_party" ? text.thirdParty(dispute.payer_name ?? "") : text[lane]}</h3>
              {events.length === 0 ? <Empty title={text.nothing} /> : <Timeline label={text.title} moments={events.map(moment)} />}
            </div>
          );
        })}
      </div>
      <LaneDoors dispute={dispute} />
      {paper && <PaperDialog paper={paper} onClose={() => setPaper(null)} />}
    </Panel>
  );
}

/** What the holder filed, with its verdicts. */
export function Evidence({ dispute }: { dispute: DisputeCase }) {
  const { words, formats } = useSpeech();
  const text = words.disputes.evidence;
  return (
    <Panel title={text.title} aside={text.count(dispute.evidence.length)} data-testid="dispute-evidence">
      {dispute.evidence.length === 0 && <Empty title={text.none}>{text.noneWhy}</Empty>}
      {dispute.evidence.map((one) => (
        <div key={one.id} className={classes.evidence} data-testid="dispute-evidence-row" data-verdict={one.verdict}>
          <div>
            <strong>{one.summary}</strong>
            <p className="muted">
              {text.received(formats.instant(one.received_at))} · {one.in_time ? text.inTime : text.late} · {text.papers(one.attachment_ids.length)}
              {one.decided_reason && ` · ${one.decided_reason}`}
            </p>
            <p className={classes.names}>{dispute.attachments.filter((paper) => one.attachment_ids.includes(paper.id)).map((paper) => paper.file_name).join(" · ")}</p>
          </div>
          <span className="soft">{text.verdicts[one.verdict]}</span>
        </div>
      ))}
    </Panel>
  );
}
