import { useState, type ReactNode } from "react";
import { Button } from "../parts/Button";
import { Empty, Read } from "../parts/Loading";
import { Panel } from "../parts/Panel";
import { Day } from "../parts/Times";
import { useRead } from "../reading";
import { useDuty } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { ActivityDialog, AgreementDialog, ProductDialog } from "./catalogueDialogs";
import { rateText } from "../amounts";
import { VatRates } from "./VatRates";
import classes from "./policy.module.css";

type Adding = "agreement" | "activity" | "product" | null;

/** What orders and usage name: agreement versions, gift activities, products with their VAT rates by month. */
export function Catalogue() {
  const { words } = useSpeech();
  const text = words.policy.catalogue;
  const found = useRead("catalogue.open", {});
  const [adding, setAdding] = useState<Adding>(null);
  const close = () => setAdding(null);
  return (
    <div className="screen" data-testid="screen-policy" data-ready={found.data !== undefined}>
      <Read of={found} rows={10}>
        {(catalogue) => (
          <div className={classes.three}>
            <Part title={text.agreements} hint={text.agreementsHint} none={text.noneAgreements} keys="n" add={text.addAgreement} onAdd={() => setAdding("agreement")} heads={[text.version, text.announced, text.effective]} testId="agreements">
              {catalogue.agreements.map((one) => (
                <tr key={one.version}>
                  <td>{one.version}</td>
                  <td className="soft">
                    <Day on={dayOf(one.announced_at)} />
                  </td>
                  <td>
                    <Day on={dayOf(one.effective_at)} />
                  </td>
                </tr>
              ))}
            </Part>
            <Part title={text.products} hint={text.productsHint} none={text.noneProducts} keys="p" add={text.addProduct} onAdd={() => setAdding("product")} heads={[text.code, text.nameEn, text.nameZh, text.rate]} testId="products">
              {catalogue.products.map((one) => (
                <tr key={one.code}>
                  <td>{one.code}</td>
                  <td>{one.title_en}</td>
                  <td>{one.title_zh}</td>
                  <td>{rateText(one.vat_rate)}</td>
                </tr>
              ))}
            </Part>
            <Part title={text.activities} hint={text.activitiesHint} none={text.noneActivities} keys="v" add={text.addActivity} onAdd={() => setAdding("activity")} heads={[text.code, text.name, text.rules]} testId="activities">
              {catalogue.activities.map((one) => (
                <tr key={one.code}>
                  <td>{one.code}</td>
                  <td>{one.title}</td>
                  <td className="soft" data-testid="activity-rules">
                    {[one.gift_days === null ? text.lastsForEver : text.lasts(one.gift_days), text.onRefundOptions[one.on_recharge_refunded], one.voids_on_application ? text.voidOnApplication : text.keptOnApplication].join(" · ")}
                  </td>
                </tr>
              ))}
            </Part>
            <VatRates products={catalogue.products} />
          </div>
        )}
      </Read>
      {adding === "agreement" && <AgreementDialog onClose={close} />}
      {adding === "activity" && <ActivityDialog onClose={close} />}
      {adding === "product" && <ProductDialog onClose={close} />}
    </div>
  );
}

interface PartProps {
  title: string;
  hint: string;
  none: string;
  keys: string;
  add: string;
  onAdd(): void;
  heads: string[];
  children: ReactNode[];
  testId: string;
}

function Part({ title, hint, none, keys, add, onAdd, heads, children, testId }: PartProps) {
  const { words } = useSpeech();
  const adds = useDuty("administrator");
  return (
    <Panel
      title={title}
      aside={
        <Button small keys={keys} label={add} blocked={!adds && words.parts.refusal.needs(words.shell.duties.administrator)} onClick={onAdd} data-testid={`${testId}-add`}>
          {words.policy.catalogue.add}
        </Button>
      }
      data-testid={testId}
    >
      <p className={classes.explain}>{hint}</p>
      {children.length === 0 ? (
        <Empty title={words.policy.catalogue.none}>{none}</Empty>
      ) : (
        <table className={classes.plainTable}>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head}>{head}</th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      )}
    </Panel>
  );
}
