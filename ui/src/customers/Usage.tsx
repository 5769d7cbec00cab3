import { sumOf } from "../amounts";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Panel } from "../parts/Panel";
import { useWords } from "../words";
import type { CustomerPage } from "./customer";
import classes from "./customers.module.css";

/** What was used, by month: principal and gift apart, because only principal can be invoiced. */
export function Usage({ months: rows }: { months: CustomerPage["usage"] }) {
  const words = useWords();
  const names = words.customers.usage;
  const months = [...new Set(rows.map((row) => row.month))];
  const most = Math.max(1, ...months.map((month) => Number(sumOf(rows.filter((row) => row.month === month).map((row) => row.amount)))));
  return (
    <Panel title={names.title} hint={names.months}>
      {months.length === 0 ? (
        <Empty title={names.none} />
      ) : (
        <table className={classes.rows}>
          <thead>
            <tr>
              <th>{names.month}</th>
              <th>{names.products}</th>
              <th />
              <th className="number">{names.principal}</th>
              <th className="number">{names.gift}</th>
            </tr>
          </thead>
          <tbody>
            {months.map((month) => {
              const of = rows.filter((row) => row.month === month);
              const principal = sumOf(of.map((row) => row.from_principal));
              const gift = sumOf(of.map((row) => row.from_gift));
              return (
                <tr key={month}>
                  <td>{month}</td>
                  <td className="muted">{of.map((row) => row.product).join(", ")}</td>
                  <td className={classes.bars}>
                    <span className={classes.bar} style={{ width: `${(Number(principal) / most) * 100}%` }} />
                    <span className={classes.giftBar} style={{ width: `${(Number(gift) / most) * 100}%` }} />
                  </td>
                  <td className="number">
                    <Money amount={principal} places={6} />
                  </td>
                  <td className="number">
                    <Money amount={gift} places={6} quietZero />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
