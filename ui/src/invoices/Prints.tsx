import { Panel } from "../parts/Panel";
import { Instant } from "../parts/Times";
import { useSpeech } from "../words";
import type { Paper } from "./papers";
import classes from "./invoices.module.css";

/** Every sheet that left a printer: the first is the original, the rest are copies with a reason. */
export function Prints({ paper }: { paper: Paper }) {
  const { words, formats } = useSpeech();
  const text = words.invoices;
  return (
    <Panel title={text.page.prints} aside={paper.prints.length > 0 ? formats.count(paper.sheets_printed) : null} data-testid="invoice-prints">
      {paper.prints.length === 0 && <p className={classes.quietNote}>{text.page.printsNone}</p>}
      {[...paper.prints].reverse().map((print) => {
        const last = print.copy_from + print.copies - 1;
        const which = print.copy_from > 1 ? text.page.copy(print.copy_from, last) : last === 1 ? text.page.original : text.page.originalAndCopies(last);
        return (
          <div key={print.copy_from} className={classes.print} data-testid="invoice-print-row">
            <span>
              <strong>{which}</strong> <span className="soft">{print.printer}</span>
              {print.reason && <span className={classes.reason}>{text.print.reasons[print.reason] ?? print.reason}</span>}
            </span>
            <span className="muted">
              <Instant at={print.printed_at} /> · {print.printed_by}
            </span>
          </div>
        );
      })}
    </Panel>
  );
}
