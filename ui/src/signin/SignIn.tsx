import { useEffect, useState } from "react";
import { asKontorError, profiles as readProfiles, removeProfile, signIn, type KontorError, type Profile, type SignedIn, type StartProgress } from "../call";
import { Button } from "../parts/Button";
import { cx } from "../parts/cx";
import { Tick, TextField } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import type { Duty } from "../session";
import { useSpeech } from "../words";
import { Preparing } from "./Preparing";
import { ProfileForm } from "./ProfileForm";
import classes from "./signin.module.css";

/** The door: the rehearsal on this computer first, then the servers; the same way in for both. */
export function SignIn({ onEnter, refusal: shown, idle }: { onEnter(who: SignedIn): Promise<void>; refusal: KontorError | null; idle?: boolean }) {
  const { words, language, speak } = useSpeech();
  const [list, setList] = useState<Profile[]>([]);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [remember, setRemember] = useState(false);
  const [busy, setBusy] = useState(false);
  const [step, setStep] = useState<StartProgress | null>(null);
  const [refusal, setRefusal] = useState<KontorError | null>(shown);
  const [editing, setEditing] = useState<Profile | "new" | null>(null);
  const [removing, setRemoving] = useState<Profile | null>(null);
  const chosen = list.find((profile) => profile.id === chosenId) ?? list[0];

  useEffect(() => {
    readProfiles().then(setList, (thrown: unknown) => setRefusal(asKontorError(thrown)));
  }, []);
  const chosenKey = chosen?.id;
  useEffect(() => {
    setLogin(chosen?.last_login ?? chosen?.logins[0] ?? (chosen?.kind === "embedded" ? "approver" : ""));
    setPassword("");
    // Only when another profile is chosen.
  }, [chosenKey]);

  const enter = async () => {
    if (!chosen) return;
    setBusy(true);
    setRefusal(null);
    try {
      await onEnter(await signIn(chosen.id, login.trim(), password, remember, setStep));
    } catch (thrown) {
      setRefusal(asKontorError(thrown));
      setBusy(false);
    }
    setStep(null);
  };
  const embedded = chosen?.kind === "embedded";
  const needsPassword = !embedded && !chosen?.remembers && password === "";
  const blocked = !chosen || !login.trim() ? words.signin.login : needsPassword ? words.signin.password : null;
  return (
    <div className={classes.door} data-testid="screen-sign-in" data-ready={list.length > 0}>
      <div className={classes.languages}>
        <button type="button" aria-pressed={language === "en"} onClick={() => speak("en")} data-testid="language-en">
          English
        </button>
        <button type="button" aria-pressed={language === "zh-CN"} onClick={() => speak("zh-CN")} data-testid="language-zh">
          简体中文
        </button>
      </div>
      <section className={classes.card}>
        <header className={classes.cardHead}>
          <h1>{words.shell.app}</h1>
          <span className="muted">{words.signin.title}</span>
        </header>
        <div className={classes.columns}>
          <div className={classes.profiles} role="radiogroup" aria-label={words.signin.where}>
            <h3>{words.signin.where}</h3>
            {list.map((profile) => (
              <div key={profile.id} className={cx(classes.profile, profile.id === chosen?.id && classes.chosen)}>
                <button
                  type="button"
                  role="radio"
                  aria-checked={profile.id === chosen?.id}
                  className={classes.choose}
                  onClick={() => setChosenId(profile.id)}
                  data-testid={`profile-${profile.kind === "embedded" ? "rehearsal" : profile.name}`}
                >
                  <strong>{profile.kind === "embedded" ? words.signin.rehearsal : profile.name}</strong>
                  <span>{profile.kind === "embedded" ? words.signin.rehearsalNote : words.signin.server(profile.host ?? "", profile.database ?? "")}</span>
                </button>
                {profile.kind === "server" && profile.id === chosen?.id && (
                  <span className={classes.tools}>
                    <Button small kind="quiet" onClick={() => setEditing(profile)}>
                      {words.signin.edit}
                    </Button>
                    <Button small kind="quiet" onClick={() => setRemoving(profile)}>
                      {words.signin.remove}
                    </Button>
                  </span>
                )}
              </div>
            ))}
            <Button kind="quiet" onClick={() => setEditing("new")} data-testid="profile-add">
              {words.signin.add}
            </Button>
          </div>
          <div className={classes.who}>
            <Form onSubmit={() => void enter()} submit={embedded && login ? words.signin.asLogin(login) : words.signin.enter} blocked={blocked} busy={busy} refusal={refusal} offline={words.signin.unreachable} data-testid="sign-in" submitTestId="sign-in-submit">
              {idle && <p className="muted" data-testid="left-idle">{words.signin.idle}</p>}
              {embedded && chosen.logins.length > 0 && (
                <div>
                  <h3>{words.signin.who}</h3>
                  <div className={classes.people}>
                    {chosen.logins.map((one) => (
                      <button key={one} type="button" aria-pressed={one === login} className={cx(classes.one, one === login && classes.oneChosen)} onClick={() => setLogin(one)} data-testid={`as-${one}`}>
                        {jobOf(one, words.shell.duties)}
                      </button>
                    ))}
                  </div>
                </div>
              )}
              <TextField label={words.signin.login} value={login} onChange={setLogin} autoComplete="username" data-testid="login" />
              {!embedded && (
                <>
                  <TextField label={words.signin.password} secret value={password} onChange={setPassword} placeholder={chosen?.remembers ? words.signin.passwordKept : undefined} autoComplete="current-password" data-testid="password" />
                  <Tick label={words.signin.remember} checked={remember} onChange={setRemember} data-testid="remember" />
                </>
              )}
              {embedded && !step && <p className="muted">{words.signin.first}</p>}
              {step && <Preparing step={step} />}
            </Form>
          </div>
        </div>
      </section>
      <Dialog open={editing !== null} onClose={() => setEditing(null)} title={editing === "new" ? words.signin.profile.add : words.signin.profile.edit}>
        {editing && (
          <ProfileForm
            profile={editing === "new" ? null : editing}
            onSaved={(next, id) => {
              setList(next);
              setChosenId(id);
              setEditing(null);
            }}
            onCancel={() => setEditing(null)}
          />
        )}
      </Dialog>
      <Dialog open={removing !== null} onClose={() => setRemoving(null)} title={words.signin.remove} size={440}>
        {removing && (
          <Form
            onSubmit={() => void removeProfile(removing.id).then((next) => (setList(next), setRemoving(null)), (thrown: unknown) => setRefusal(asKontorError(thrown)))}
            submit={words.signin.remove}
            danger
            onCancel={() => setRemoving(null)}
          >
            <p>{words.signin.removeSure(removing.name)}</p>
          </Form>
        )}
      </Dialog>
    </div>
  );
}

/** Demo logins are named by job, some with a number or written together. */
function jobOf(login: string, duties: Record<Duty, string>): string {
  const number = /\d+$/.exec(login)?.[0] ?? "";
  const base = login.slice(0, login.length - number.length);
  const duty = base === "taxclerk" ? "tax_clerk" : base;
  const title = (duties as Record<string, string>)[duty];
  return title ? `${title}${number ? ` ${number}` : ""}` : login;
}
