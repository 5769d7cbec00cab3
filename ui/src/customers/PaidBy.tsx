import { isZero } from "../amounts";
import type { Result } from "../call";
import { Chip } from "../parts/Chip";
import { Money } from "../parts/Money";
import { Refusal } from "../parts/Refusal";
import { Instant } from "../parts/Times";
import { useRead } from "../reading";
import { to } from "../routes";
import { useSpeech } from "../words";
import classes from "./customers.module.css";

type Row = Result<"usage.list">[number];

/** Which gifts and lots paid for the usage under the cursor: each leads to its recharge, which says the same the other way round. */
export function PaidBy({ row, customerId }: { row: Row; customerId: string }) {
  const { words } = useSpeech();
  const text = words.customers.usage;
  const read = useRead("usage.paid_by", { usage_id: row.id }, { keep: false });
  return (
    <div className={classes.paidBy} data-testid="usage-paid-by" aria-live="polite">
      <h3>{text.paidBy(row.usage_key)}</h3>
      <Refusal error={read.error} />
      <ul>
        {(read.data ?? []).map((part) => (
          <li key={`${part.activity ?? ""} ${part.order_no ?? ""}`}>
            <span>
              {part.activity && <Chip tone="green">{part.activity_title ?? part.activity}</Chip>}{" "}
              {part.order_no && <a href={`#${to(`/customers/${customerId}`, { order: part.order_no })}`}>{part.order_no}</a>}{" "}
              <span className="muted">
                {part.channel && (words.parts.channels[part.channel] ?? part.channel)} {part.paid_at && <Instant at={part.paid_at} />}
              </span>
            </span>
            <span>
              <Money amount={part.amount} places={6} strong />
              {!isZero(part.given_back) && (
                <span className="muted">
                  {" "}
                  {text.givenBack} <Money amount={part.given_back} />
                </span>
              )}
            </span>
          </li>
        ))}
        {!isZero(row.uncollected) && (
          <li>
            <span>{text.uncollected}</span>
            <Money amount={row.uncollected} places={6} strong />
          </li>
        )}
      </ul>
    </div>
  );
}
