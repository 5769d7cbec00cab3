import { useState } from "react";
import { AsOfFields } from "../ledger/AsOf";
import { useAccounts } from "../ledger/accounts";
import { asOfInstant } from "../ledger/query";
import { Button } from "../parts/Button";
import { Dialog } from "../parts/Form";
import { Empty, Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { useRead } from "../reading";
import { to } from "../routes";
import { useNow } from "../session";
import { dayOf } from "../times";
import { useWords } from "../words";
import type { CustomerPage } from "./customer";
import classes from "./customers.module.css";

/** What a customer's accounts stood at, at the end of any day or at any minute, by either clock. */
export function PastBalances({ customer, onClose }: { customer: CustomerPage; onClose(): void }) {
  const words = useWords();
  const text = words.customers.past;
  const accounts = useAccounts();
  const [asof, setAsof] = useState(dayOf(useNow()));
  const [effective, setEffective] = useState(false);
  const read = useRead("ledger.balances_as_of", { customer_id: customer.id, at: asOfInstant(asof), by_effective: effective });
  const door = (account: string, commodity: string) => `#${to("/ledger", { customer: customer.id, name: customer.name, account, commodity, asof, basis: effective ? "effective" : null })}`;
  return (
    <Dialog open onClose={onClose} title={text.title} size={480} data-testid="past-balances">
      <div className={classes.pastWhen}>
        <AsOfFields label={words.ledger.filters.asOf} value={asof} onChange={setAsof} />
        <Button small onClick={() => setEffective(!effective)}>
          {effective ? words.ledger.basis.effective : words.ledger.basis.recorded}
        </Button>
      </div>
      <Read of={read}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={text.none}>{text.noneWhy}</Empty>
          ) : (
            <table className={classes.rows}>
              <tbody>
                {rows.map((row) => (
                  <tr key={`${row.account} ${row.commodity}`}>
                    <td>{accounts.title(row.account)}</td>
                    <td className="muted">{words.ledger.commodities[row.commodity] ?? row.commodity}</td>
                    <td className="number">
                      <a href={door(row.account, row.commodity)}>
                        <Money amount={row.amount} places={6} quietZero />
                      </a>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Read>
    </Dialog>
  );
}
