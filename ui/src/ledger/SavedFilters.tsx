import { Popover } from "@mantine/core";
import { useState } from "react";
import { KeyLayer, useShortcuts } from "../keys";
import { Button } from "../parts/Button";
import { KeyHint } from "../parts/KeyHint";
import { TextField } from "../parts/Fields";
import { notify } from "../parts/Notice";
import { Refusal } from "../parts/Refusal";
import { useAction, useCommandId, useRead } from "../reading";
import { amend, to, useRoute } from "../routes";
import { useWords } from "../words";
import classes from "./ledger.module.css";
import { kept } from "./query";

/** My filters by name: one press sets one, and the present one is kept under a name. */
export function SavedFilters() {
  const words = useWords();
  const names = words.ledger.filters;
  const [open, setOpen] = useState(false);
  // Outside the layer: the key that opens it belongs to the screen.
  useShortcuts([{ keys: "v", label: names.saved, group: "thisScreen", run: () => setOpen(true) }]);
  return (
    <KeyLayer open={open}>
      <Popover opened={open} onChange={setOpen} position="bottom-end" width={320} transitionProps={{ duration: 0 }} trapFocus returnFocus withinPortal shadow="md">
        <Popover.Target>
          <span>
            <Button onClick={() => setOpen(!open)} data-testid="saved-filters">
              {names.saved} <KeyHint keys="v" />
            </Button>
          </span>
        </Popover.Target>
        <Popover.Dropdown className={classes.saved}>{open && <SavedList onClose={() => setOpen(false)} />}</Popover.Dropdown>
      </Popover>
    </KeyLayer>
  );
}

function SavedList({ onClose }: { onClose(): void }) {
  const words = useWords();
  const names = words.ledger.filters;
  const { query: given } = useRoute();
  const saved = useRead("ledger.list_filters", {});
  const save = useAction("ledger.save_filter");
  const remove = useAction("ledger.remove_filter");
  const form = useCommandId();
  const [name, setName] = useState("");
  useShortcuts([{ keys: "Escape", whileTyping: true, run: onClose }]);
  const now = Object.fromEntries(kept.flatMap((key) => (given.get(key) ? [[key, given.get(key)!]] : [])));
  return (
    <>
      {saved.data?.length === 0 && <p className="muted">{names.savedEmpty}</p>}
      <ul className={classes.savedList}>
        {(saved.data ?? []).map((one) => (
          <li key={one.id}>
            <button
              type="button"
              onClick={() => {
                amend(to("/ledger", one.filter));
                onClose();
              }}
            >
              {one.name}
            </button>
            <Button small kind="quiet" onClick={() => void remove.send({ command_id: crypto.randomUUID(), filter_id: one.id })}>
              {names.remove}
            </Button>
          </li>
        ))}
      </ul>
      <form
        className={classes.days}
        onSubmit={(event) => {
          event.preventDefault();
          void save.send({ command_id: form.id, name, filter: now }).then((row) => {
            if (!row) return;
            form.renew();
            notify(names.savedDone(row.name));
            onClose();
          });
        }}
      >
        <TextField label={names.saveAs} value={name} onChange={setName} />
        {(save.refusal ?? remove.refusal) && <Refusal error={(save.refusal ?? remove.refusal)!} />}
        <Button kind="primary" submit busy={save.busy} blocked={Object.keys(now).length === 0 ? names.savedEmpty : null}>
          {names.save}
        </Button>
      </form>
    </>
  );
}
