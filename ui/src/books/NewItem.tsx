import { useState } from "react";
import { Button } from "../parts/Button";
import { TextField, Tick } from "../parts/Fields";
import { Dialog, Form, Row } from "../parts/Form";
import { useAction, useCommandId } from "../reading";
import { useDuty } from "../session";
import { useWords } from "../words";

/** A supervisor adds a line to the checklists, from the next month to close on. */
export function NewItem({ place }: { place: number }) {
  const words = useWords();
  const text = words.books.checklist;
  const may = useDuty("supervisor");
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button small kind="quiet" keys="l" blocked={!may && words.parts.refusal.needs(words.shell.duties.supervisor)} onClick={() => setAsking(true)} data-testid="period-new-item">
        {text.add}
      </Button>
      {asking && <ItemForm place={place} onClose={() => setAsking(false)} />}
    </>
  );
}

function ItemForm({ place, onClose }: { place: number; onClose(): void }) {
  const text = useWords().books.checklist;
  const save = useAction("periods.save_item");
  const form = useCommandId();
  const [code, setCode] = useState("");
  const [english, setEnglish] = useState("");
  const [chinese, setChinese] = useState("");
  const [required, setRequired] = useState(true);
  const send = async () => {
    if (await save.send({ command_id: form.id, code: code.trim(), title_en: english.trim(), title_zh: chinese.trim(), required, place })) onClose();
  };
  const blocked = code.trim() && english.trim() && chinese.trim() ? null : text.fillIn;
  return (
    <Dialog open onClose={onClose} title={text.add} data-testid="period-item-form">
      <Form onSubmit={() => void send()} submit={text.add} busy={save.busy} refusal={save.refusal} blocked={blocked} onCancel={onClose} submitTestId="period-item-submit">
        <TextField label={text.code} value={code} onChange={setCode} hint={text.codeHint} data-testid="period-item-code" />
        <Row>
          <TextField label={text.english} value={english} onChange={setEnglish} data-testid="period-item-en" />
          <TextField label={text.chinese} value={chinese} onChange={setChinese} data-testid="period-item-zh" />
        </Row>
        <Tick label={text.required} checked={required} onChange={setRequired} />
      </Form>
    </Dialog>
  );
}
