import { useState } from "react";
import { asKontorError, newId, pickFiles, saveProfile, type KontorError, type Profile } from "../call";
import { Button } from "../parts/Button";
import { TextField } from "../parts/Fields";
import { Form, Row } from "../parts/Form";
import { useWords } from "../words";

/** A server's address. There is no switch for an unverified connection. */
export function ProfileForm({ profile, onSaved, onCancel }: { profile: Profile | null; onSaved(list: Profile[], id: string): void; onCancel(): void }) {
  const words = useWords().signin.profile;
  const [id] = useState(() => profile?.id ?? newId());
  const [name, setName] = useState(profile?.name ?? "");
  const [host, setHost] = useState(profile?.host ?? "");
  const [port, setPort] = useState(String(profile?.port ?? 5432));
  const [database, setDatabase] = useState(profile?.database ?? "kontor");
  const [ca, setCa] = useState(profile?.ca_file ?? "");
  const [refusal, setRefusal] = useState<KontorError | null>(null);
  const number = Number(port.normalize("NFKC"));
  const portWrong = !Number.isInteger(number) || number < 1 || number > 65535;
  const missing = !name.trim() ? words.name : !host.trim() ? words.host : !database.trim() ? words.database : portWrong ? words.portWrong : null;
  const save = () =>
    saveProfile({ id, name: name.trim(), kind: "server", host: host.trim(), port: number, database: database.trim(), ca_file: ca || null, logins: [] }).then(
      (list) => onSaved(list, id),
      (thrown: unknown) => setRefusal(asKontorError(thrown)),
    );
  return (
    <Form onSubmit={() => void save()} submit={words.save} blocked={missing} refusal={refusal} onCancel={onCancel}>
      <TextField label={words.name} hint={words.nameHint} value={name} onChange={setName} autoFocus />
      <Row>
        <TextField label={words.host} value={host} onChange={setHost} />
        <TextField label={words.port} value={port} onChange={setPort} problem={portWrong ? words.portWrong : null} />
      </Row>
      <TextField label={words.database} value={database} onChange={setDatabase} />
      <TextField label={words.ca} hint={words.caHint} value={ca} onChange={setCa} optional />
      <span>
        <Button small onClick={() => void pickFiles("certificate").then((paths) => paths[0] && setCa(paths[0]))}>
          {words.choose}
        </Button>
      </span>
    </Form>
  );
}
