import { useEffect, useState } from "react";
import { Button } from "../parts/Button";
import { Dialog } from "../parts/Form";
import { useSession } from "../session";
import { useWords } from "../words";

const minute = 60_000;
/** Nobody has touched the window for so long: it asks, and then signs out. */
export const quiet_ms = 30 * minute;
const asking_ms = minute;
const glance_ms = 5_000;

/**
 * Real books are not left open on an empty desk. The time is compared, not counted down: a computer that slept
 * through it signs out when it wakes. A rehearsal holds nothing that anybody could take.
 */
export function Idle() {
  const session = useSession();
  const words = useWords().shell.idle;
  const [asking, setAsking] = useState(false);
  const watched = !session.rehearsal;
  const { leave } = session;
  useEffect(() => {
    if (!watched) return;
    let touched = Date.now();
    const touch = () => {
      // Who slept past the end comes back to the door, not to the books.
      if (Date.now() - touched < quiet_ms) touched = Date.now();
      setAsking(false);
    };
    const timer = setInterval(() => {
      const quiet = Date.now() - touched;
      if (quiet >= quiet_ms) leave("idle");
      else setAsking(quiet >= quiet_ms - asking_ms);
    }, glance_ms);
    const signs = ["pointerdown", "pointermove", "keydown", "wheel"] as const;
    for (const sign of signs) window.addEventListener(sign, touch, { passive: true, capture: true });
    return () => {
      clearInterval(timer);
      for (const sign of signs) window.removeEventListener(sign, touch, { capture: true });
    };
  }, [watched, leave]);
  return (
    <Dialog open={asking} onClose={() => setAsking(false)} title={words.title} size={420} data-testid="idle">
      <p>{words.why}</p>
      <Button kind="primary" onClick={() => setAsking(false)}>
        {words.stay}
      </Button>
    </Dialog>
  );
}
