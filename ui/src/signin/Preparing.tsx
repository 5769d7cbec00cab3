import { useState } from "react";
import { stopOpening, type StartProgress } from "../call";
import { Button } from "../parts/Button";
import { useSpeech } from "../words";
import classes from "./signin.module.css";

/** How far the making of the rehearsal's books is, and the way out of it. */
export function Preparing({ step }: { step: StartProgress }) {
  const { words, formats } = useSpeech();
  const [stopping, setStopping] = useState(false);
  const making = step.phase === "loading" || step.phase === "waiting";
  const share = step.phase === "finishing" ? 1 : step.total > 0 ? step.done / step.total : undefined;
  return (
    <div className={classes.preparing} role="status" data-testid="preparing" data-phase={step.phase}>
      <span className={classes.phase}>
        {words.signin.phases[step.phase]}
        {step.on && <span className="muted"> {words.signin.reached(formats.day(step.on))}</span>}
      </span>
      <progress max={1} value={share} aria-label={words.signin.phases[step.phase]} />
      <span className={classes.share}>{share !== undefined && `${Math.floor(share * 100)} %`}</span>
      {making && (
        <Button
          small
          kind="quiet"
          busy={stopping}
          onClick={() => {
            setStopping(true);
            void stopOpening();
          }}
          data-testid="stop-opening"
        >
          {words.signin.stop}
        </Button>
      )}
    </div>
  );
}
