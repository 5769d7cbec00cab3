import { useWords } from "../words";
import classes from "./letters.module.css";

export interface Wording {
  title: string;
  brief: string;
  body: string;
}

/** A text so far and as proposed, side by side. */
export function Compared({ before, now }: { before: Wording | null | undefined; now: Wording }) {
  const text = useWords().letters.texts;
  const side = (heading: string, words: Wording) => (
    <div>
      <p className="muted">{heading}</p>
      <strong>{words.title}</strong>
      <p className="soft">{words.brief}</p>
      <pre>{words.body}</pre>
    </div>
  );
  return (
    <div className={classes.compare} data-testid="letter-compared">
      {before && side(text.before, before)}
      {side(text.proposed, now)}
    </div>
  );
}
