import { useState, type ReactNode } from "react";
import { plainMoney } from "../amounts";
import { CustomerPick } from "../customers/CustomerPick";
import { Button } from "../parts/Button";
import { AmountField, TextField } from "../parts/Fields";
import { Pick, type Filter } from "../parts/Filters";
import { amend, to, useRoute } from "../routes";
import { useSession } from "../session";
import { useSpeech, useWords } from "../words";
import { useAccounts } from "./accounts";
import { AsOfEditor, useAsOfWords } from "./AsOf";
import { Days } from "./Days";
import classes from "./ledger.module.css";
import { byEffective, narrowing } from "./query";

/** Always on the bar; the others come when asked for or when set. */
const plain = ["customer", "account", "kind", "days", "amount", "document", "memo"];

/** Every filter of the ledger, each reading and writing the address. */
export function useLedgerFilters(): { filters: Filter[]; set: boolean; clear(): void } {
  const { query: given } = useRoute();
  const { words, formats, language } = useSpeech();
  const { people } = useSession();
  const accounts = useAccounts();
  const asOfWords = useAsOfWords();
  const [asked, setAsked] = useState<string[]>([]);
  const names = words.ledger.filters;
  const change = (next: Record<string, string | null>) => amend(to("/ledger", { ...Object.fromEntries(given), journal: null, at: null, ...next }));
  const read = (key: string) => given.get(key);
  const picked = (id: string, label: string, key: string, options: { value: string; label: ReactNode }[], said: (value: string) => string): Filter => ({
    id,
    label,
    value: read(key) && said(read(key)!),
    editor: (close) => <Pick chosen={read(key)} options={options} onPick={(value) => (change({ [key]: value }), close())} />,
    onClear: () => change({ [key]: null }),
  });
  const written = (id: string, label: string, key: string, hint: string): Filter => ({
    id,
    label,
    value: read(key),
    editor: (close) => <Written label={label} hint={hint} value={read(key) ?? ""} onApply={(value) => (change({ [key]: value }), close())} />,
    onClear: () => change({ [key]: null }),
  });
  const kinds = words.parts.journalKinds;
  const [from, until, least, most] = ["from", "until", "least", "most"].map(read) as (string | null)[];
  const title = (code: string) => (code === "prepaid" ? names.prepaid : accounts.title(code));
  const shown = (account: { title_en: string; title_zh: string }) => (language === "en" ? account.title_en : account.title_zh);
  const all: Filter[] = [
    {
      id: "customer",
      label: names.customer,
      value: read("customer") && (read("name") ?? read("customer")),
      editor: (close) => <CustomerPick autoFocus onPick={(customer) => (change({ customer: customer.id, name: customer.name }), close())} />,
      onClear: () => change({ customer: null, name: null }),
    },
    picked("account", names.account, "account", [{ value: "prepaid", label: names.prepaid }, ...accounts.all.map((account) => ({ value: account.code, label: shown(account) }))], title),
    picked("kind", names.kind, "kind", Object.entries(kinds).map(([value, label]) => ({ value, label })), (value) => value.split(",").map((kind) => kinds[kind] ?? kind).join(" · ")),
    {
      id: "days",
      label: byEffective(given) ? names.effective : names.recorded,
      value: from || until ? `${from ? formats.day(from) : "…"} – ${until ? formats.day(until) : "…"}` : null,
      editor: (close) => <Days from={from ?? null} until={until ?? null} onApply={(next) => (change(next), close())} />,
      onClear: () => change({ from: null, until: null }),
    },
    {
      id: "amount",
      label: names.amount,
      value: least || most ? (least === most ? plainMoney(least!) : `${least ? plainMoney(least) : "…"} – ${most ? plainMoney(most) : "…"}`) : null,
      editor: (close) => <Amounts least={least ?? ""} most={most ?? ""} onApply={(next) => (change(next), close())} />,
      onClear: () => change({ least: null, most: null }),
    },
    written("document", names.document, "document", names.documentHint),
    written("memo", names.memo, "memo", names.memoHint),
    picked("commodity", names.commodity, "commodity", Object.entries(words.ledger.commodities).map(([value, label]) => ({ value, label })), (value) => words.ledger.commodities[value] ?? value),
    picked("product", names.product, "product", accounts.all.filter((account) => account.code.startsWith("revenue.")).map((account) => ({ value: account.code.slice(8), label: shown(account) })), (value) => accounts.title(`revenue.${value}`)),
    picked("channel", names.channel, "channel", Object.entries(words.parts.channels).filter(([value]) => ["alipay", "wechat"].includes(value)).map(([value, label]) => ({ value, label })), (value) => words.parts.channels[value] ?? value),
    picked("person", names.person, "person", people.map((person) => ({ value: person.login, label: `${person.login} · ${person.title}` })), (value) => value),
    {
      id: "asof",
      label: names.asOf,
      value: read("asof") && asOfWords(read("asof")!),
      editor: (close) => <AsOfEditor value={read("asof")} onApply={(asof) => (change({ asof }), close())} />,
      onClear: () => change({ asof: null }),
    },
  ];
  const here = (filter: Filter) => plain.includes(filter.id) || filter.value !== null || asked.includes(filter.id);
  const hidden = all.filter((filter) => !here(filter));
  const more: Filter = {
    id: "more",
    label: names.more,
    value: null,
    editor: (close) => <Pick chosen={null} options={hidden.map((filter) => ({ value: filter.id, label: filter.label }))} onPick={(id) => (setAsked([...asked, id]), close())} />,
    onClear: () => {},
  };
  return { filters: hidden.length > 0 ? [...all.filter(here), more] : all, set: all.some((filter) => filter.value !== null), clear: () => change(Object.fromEntries([...narrowing, "asof"].map((key) => [key, null]))) };
}

function Written({ label, hint, value, onApply }: { label: string; hint: string; value: string; onApply(value: string | null): void }) {
  const words = useWords();
  const [text, setText] = useState(value);
  return (
    <form
      className={classes.days}
      onSubmit={(event) => {
        event.preventDefault();
        onApply(text.trim() || null);
      }}
    >
      <TextField label={label} hint={hint} value={text} onChange={setText} autoFocus />
      <Button kind="primary" submit>
        {words.parts.apply}
      </Button>
    </form>
  );
}

function Amounts({ least, most, onApply }: { least: string; most: string; onApply(next: { least: string | null; most: string | null }): void }) {
  const { words } = useSpeech();
  const names = words.ledger.filters;
  const [from, setFrom] = useState<string | null>(least || null);
  const [until, setUntil] = useState<string | null>(most || null);
  return (
    <form
      className={classes.days}
      onSubmit={(event) => {
        event.preventDefault();
        onApply({ least: from, most: until });
      }}
    >
      <AmountField label={names.amountFrom} initial={least} onChange={setFrom} optional autoFocus />
      <AmountField label={names.amountUntil} initial={most} onChange={setUntil} optional hint={names.amountHint} />
      <Button kind="primary" submit>
        {words.parts.apply}
      </Button>
    </form>
  );
}
