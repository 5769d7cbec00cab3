import { useState } from "react";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Empty, Read } from "../parts/Loading";
import { Panel } from "../parts/Panel";
import { useRead } from "../reading";
import { whyNot } from "../refunds/why";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { Draft } from "./Draft";
import { LetterPage } from "./LetterPage";
import { howFar, howTone, type CaseOf, type LetterDesk } from "./view";
import classes from "./letters.module.css";

/** The letters of a dispute, a refund or an objection: what should be written, what could be, and what became of those that were. */
export function Letters({ of }: { of: CaseOf }) {
  const { words } = useSpeech();
  const desk = useRead("letters.open", { subject_kind: of.kind, subject_id: of.id });
  return (
    <Panel title={words.letters.title} data-testid="letters">
      <Read of={desk} rows={3}>
        {(found) => found && <Desk desk={found} of={of} />}
      </Read>
    </Panel>
  );
}

function Desk({ desk, of }: { desk: LetterDesk; of: CaseOf }) {
  const { words, formats } = useSpeech();
  const text = words.letters;
  const writes = useDuty("agent", "handler");
  const [draft, setDraft] = useState<string | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const lawful = [...desk.kinds].filter((one) => one.allowed).sort((a, b) => Number(b.due) - Number(a.due));
  const others = desk.kinds.filter((one) => !one.allowed);
  const letter = desk.letters.find((one) => one.id === shown);
  const needs = !writes && words.parts.refusal.needs(words.shell.duties.agent);
  return (
    <>
      {lawful.map((one, at) => (
        <div key={one.kind} className={classes.line} data-testid="letter-kind" data-kind={one.kind} data-due={one.due}>
          <span>
            {text.kinds[one.kind] ?? one.kind} {one.due && <Chip tone="amber">{text.due}</Chip>} {one.addressee === "third_party" && <span className="muted">{text.toThirdParty}</span>}
          </span>
          <Button small kind={one.due && writes ? "primary" : "plain"} keys={at === 0 ? "w" : undefined} label={`${text.write}: ${text.kinds[one.kind] ?? one.kind}`} blocked={needs} onClick={() => setDraft(one.kind)} data-testid={`letter-write-${one.kind}`}>
            {text.write}
          </Button>
        </div>
      ))}
      {others.length > 0 && (
        <details className={classes.others}>
          <summary>{text.notNow(others.length)}</summary>
          {others.map((one) => {
            const said = whyNot(words, one.why ?? "");
            return (
              <p key={one.kind} title={[said.why, said.next].filter(Boolean).join(" ")}>
                {text.kinds[one.kind] ?? one.kind}: {said.what}
              </p>
            );
          })}
        </details>
      )}
      {desk.letters.length === 0 ? (
        <Empty title={text.none}>{text.noneWhy}</Empty>
      ) : (
        <ul className={classes.written}>
          {desk.letters.map((one) => (
            <li key={one.id}>
              <button type="button" onClick={() => setShown(one.id)} data-testid="letter" data-no={one.number} data-how={howFar(one)}>
                <strong>{one.number}</strong>
                <span className="clip">
                  {text.kinds[one.kind] ?? one.kind} · {text.languages[one.language]}
                </span>
                <span className="muted">{formats.instant(one.issued_at)}</span>
                <Chip tone={howTone[howFar(one)]}>{text[howFar(one)]}</Chip>
              </button>
            </li>
          ))}
        </ul>
      )}
      {draft && <Draft of={of} kind={draft} onIssued={setShown} onClose={() => setDraft(null)} />}
      {letter && <LetterPage letter={letter} desk={desk} onClose={() => setShown(null)} />}
    </>
  );
}
