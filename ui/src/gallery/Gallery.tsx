// Development only: every part on one page, to look at in both languages and both schemes.
import { MantineProvider } from "@mantine/core";
import { useState } from "react";
import { useAppearance } from "../appearance";
import { KontorError } from "../call";
import { AttachmentsBox, type Paper } from "../parts/Attachments";
import { Button } from "../parts/Button";
import { DeadlineCalendar } from "../parts/DeadlineCalendar";
import { AmountField, Choice, DayField, TextField, Tick } from "../parts/Fields";
import { Form, Row, Warning } from "../parts/Form";
import { Panel } from "../parts/Panel";
import { Refusal } from "../parts/Refusal";
import { Steps, Tabs } from "../parts/Steps";
import { Clock } from "../session";
import { SpeechProvider } from "../words";

const day = (from: string, count: number) => Array.from({ length: count }, (_, at) => new Date(Date.parse(`${from}T12:00:00Z`) + at * 86_400_000).toISOString().slice(0, 10));

export function Gallery() {
  const { scheme } = useAppearance();
  return (
    <MantineProvider forceColorScheme={scheme} withCssVariables={false} withGlobalClasses={false}>
      <SpeechProvider>
        <Clock session={{ now_at: "2026-02-13T02:42:00Z", heard_at: Date.now() }}>
          <div style={{ overflow: "auto", height: "100%", padding: 20 }} data-ready="true">
            <Parts />
          </div>
        </Clock>
      </SpeechProvider>
    </MantineProvider>
  );
}

function Parts() {
  const [papers, setPapers] = useState<Paper[]>([{ id: "1", name: "chat-1.png", path: null, bytes: new Uint8Array() }]);
  const [text, setText] = useState("");
  const [on, setOn] = useState<string | null>("2026-02-13");
  const [choice, setChoice] = useState<string | null>("a");
  return (
    <div className="split">
      <div className="column">
        <Steps label="way" steps={[{ id: "1", title: "Notice 16 Jan", state: "done" }, { id: "2", title: "Lock 16 Jan 12:00", state: "done" }, { id: "3", title: "Evidence until 24 Feb", state: "now" }, { id: "4", title: "Decision", state: "ahead" }, { id: "5", title: "Closed", state: "ahead" }]} />
        <Steps label="way" steps={[{ id: "1", title: "Requested", detail: "agent Wed 11 Feb 10:20 · customer confirmed gifts void", state: "done" }, { id: "2", title: "Reviewed", detail: "reviewer Wed 11 Feb 15:41", state: "done" }, { id: "3", title: "Approval, you", detail: "One approver, limit 20,000", state: "now" }, { id: "4", title: "Release", detail: "treasurer · 3 legs", state: "ahead" }]} />
        <Tabs label="t" tabs={[{ id: "a", title: "Open", count: "12" }, { id: "b", title: "Late", count: "2", alarm: true }]} chosen="a" onChoose={() => {}} />
        <Panel title="Form" padded>
          <Form onSubmit={() => {}} submit="Request refund" blocked="The proof is missing." onCancel={() => {}} refusal={new KontorError("rule", "account_locked", { clause: "RA 5.2" }, null)}>
            <Warning>All gifts become void with the application (RA 9.2).</Warning>
            <Row>
              <AmountField label="Amount" onChange={() => {}} initial="¥1,200元" />
              <DayField label="Day" value={on} onChange={setOn} />
            </Row>
            <Choice label="Reason" value={choice} onChange={setChoice} options={[{ value: "a", label: "No longer needed" }, { value: "b", label: "Wrong account" }]} />
            <TextField label="What the customer says" lines={3} value={text} onChange={setText} optional />
            <Tick label="The customer confirmed that gifts become void" checked onChange={() => {}} />
            <AttachmentsBox papers={papers} onTake={(more) => setPapers([...papers, ...more])} onRemove={() => {}} kept={[{ id: "k", file_name: "Company letter.pdf", size_bytes: "182044", received_at: "2026-02-11T00:00:00Z", opened: true }]} />
          </Form>
        </Panel>
        <Refusal error={new KontorError("offline", null, {}, null)} onRetry={() => {}} />
        <span style={{ display: "flex", gap: 8 }}>
          <Button kind="primary" keys="a">Approve</Button>
          <Button kind="danger">Reject</Button>
          <Button blocked="From 25 Feb, or with written consent.">Repay</Button>
          <Button kind="quiet">Quiet</Button>
          <Button small>Small</Button>
        </span>
      </div>
      <div className="column">
        <Panel title="Deadline" padded>
          <DeadlineCalendar day0="2026-01-16" nominal="2026-02-15" due="2026-02-24" today="2026-02-13" holidays={day("2026-02-15", 9)} makeUpDays={["2026-02-14", "2026-02-28"]} />
        </Panel>
      </div>
    </div>
  );
}
