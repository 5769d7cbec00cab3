// Before what policy names, the database wants proof that the person at the desk is the one who signed in. Whatever
// action it refuses for that is asked again after the password was given; no screen knows which actions those are.
import { useState, useSyncExternalStore } from "react";
import { asKontorError, newId, stepUp, type KontorError } from "../call";
import { useSession } from "../session";
import { useWords } from "../words";
import { TextField } from "./Fields";
import { Dialog, Form } from "./Form";
import { notify } from "./Notice";

let waiting: ((given: boolean) => void) | null = null;
const watchers = new Set<() => void>();
const tell = () => watchers.forEach((watcher) => watcher());

function settle(given: boolean): void {
  waiting?.(given);
  waiting = null;
  tell();
}

/** Does it, and once more after a step-up where it was refused for want of one. */
export async function withStepUp<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    if (asKontorError(thrown).rule !== "step_up_missing" || watchers.size === 0 || waiting) throw thrown;
    const given = await new Promise<boolean>((settled) => {
      waiting = settled;
      tell();
    });
    if (!given) throw thrown;
    return act();
  }
}

/** The question for the password; one place for the whole window. */
export function StepUp() {
  const asked = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => waiting !== null,
  );
  return asked ? <Ask /> : null;
}

function Ask() {
  const text = useWords().parts.stepUp;
  const { login, profile } = useSession();
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<KontorError | null>(null);
  const rehearsal = profile.kind === "embedded";
  const give = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      const { minutes } = await stepUp(newId(), password);
      notify(text.done(String(minutes)));
      settle(true);
    } catch (thrown) {
      setRefusal(asKontorError(thrown));
      setPassword("");
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={() => settle(false)} title={text.title} size={460} data-testid="step-up">
      <Form onSubmit={() => void give()} submit={text.submit} blocked={!rehearsal && password === "" && text.missing} busy={busy} refusal={refusal} onCancel={() => settle(false)} submitTestId="step-up-submit">
        <p>{text.text(login)}</p>
        <TextField label={text.password} hint={rehearsal ? text.rehearsal : undefined} secret value={password} onChange={setPassword} autoFocus autoComplete="off" data-testid="step-up-password" />
      </Form>
    </Dialog>
  );
}
