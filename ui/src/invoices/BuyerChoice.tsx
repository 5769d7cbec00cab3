import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { cx } from "../parts/cx";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import type { Buyer } from "./papers";
import classes from "./invoices.module.css";

interface Props {
  buyers: Buyer[];
  chosen: string | null;
  onChoose(id: string): void;
  onAdd(): void;
}

/** The customer's titles, last saved first: the arrows choose, as in any group of radio buttons. */
export function BuyerChoice({ buyers, chosen, onChoose, onAdd }: Props) {
  const { words } = useSpeech();
  const text = words.invoices;
  const keeps = useDuty("agent", "tax_clerk");
  const move = (at: number, by: number, place: HTMLElement) => {
    const next = buyers[(at + by + buyers.length) % buyers.length];
    if (!next) return;
    onChoose(next.id);
    const siblings = place.parentElement?.querySelectorAll<HTMLElement>("[role=radio]");
    siblings?.[buyers.indexOf(next)]?.focus();
  };
  return (
    <div className={classes.group}>
      <div className={classes.groupHead}>
        <span id="invoice-buyers">{text.form.buyer}</span>
        <Button small keys="b" onClick={onAdd} blocked={!keeps && words.parts.refusal.needs(`${words.shell.duties.agent}, ${words.shell.duties.tax_clerk}`)} data-testid="invoice-buyer-new">
          {text.form.buyerNew}
        </Button>
      </div>
      {buyers.length === 0 && <p className={classes.fieldHint}>{text.form.buyerNone}</p>}
      <div className={classes.buyers} role="radiogroup" aria-labelledby="invoice-buyers">
        {buyers.map((buyer, at) => (
          <button
            key={buyer.id}
            type="button"
            role="radio"
            aria-checked={buyer.id === chosen}
            tabIndex={buyer.id === chosen || (chosen === null && at === 0) ? 0 : -1}
            className={cx(classes.buyer, buyer.id === chosen && classes.chosen)}
            onClick={() => onChoose(buyer.id)}
            onKeyDown={(event) => {
              if (event.key === "ArrowDown" || event.key === "ArrowRight") (event.preventDefault(), move(at, 1, event.currentTarget));
              if (event.key === "ArrowUp" || event.key === "ArrowLeft") (event.preventDefault(), move(at, -1, event.currentTarget));
            }}
            data-testid="invoice-buyer"
            data-id={buyer.id}
          >
            <span className={classes.buyerName}>{buyer.name}</span>
            <Chip>{text.buyer.kinds[buyer.kind] ?? buyer.kind}</Chip>
            {buyer.credit_code && <span className={classes.code}>{buyer.credit_code}</span>}
          </button>
        ))}
      </div>
    </div>
  );
}
