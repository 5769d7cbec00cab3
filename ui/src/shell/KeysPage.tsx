import { useAllShortcuts, type Shortcut } from "../keys";
import { Dialog } from "../parts/Form";
import { KeyHint } from "../parts/KeyHint";
import { useWords } from "../words";
import classes from "./shell.module.css";

/** The ? page: exactly the keys that work on this screen now. */
export function KeysPage({ open, onClose }: { open: boolean; onClose(): void }) {
  const words = useWords();
  const all = useAllShortcuts().filter((shortcut) => shortcut.label);
  const groups: { title: string; shortcuts: Shortcut[] }[] = [
    { title: words.shell.keys.thisScreen, shortcuts: all.filter((one) => one.group === "thisScreen") },
    { title: words.shell.keys.lists, shortcuts: all.filter((one) => one.group === "lists") },
    { title: words.shell.keys.everywhere, shortcuts: all.filter((one) => (one.group ?? "everywhere") === "everywhere") },
  ];
  return (
    <Dialog open={open} onClose={onClose} title={words.shell.keys.title} size={720}>
      <div className={classes.keyGroups}>
        {groups
          .filter((group) => group.shortcuts.length > 0)
          .map((group) => (
            <section key={group.title}>
              <h3>{group.title}</h3>
              <dl className={classes.keys}>
                {merged(group.shortcuts).map(([label, keys]) => (
                  <div key={label}>
                    <dt>{label}</dt>
                    <dd>
                      {keys.map((one) => (
                        <KeyHint key={one} keys={one} />
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
      </div>
    </Dialog>
  );
}

function merged(shortcuts: Shortcut[]): [string, string[]][] {
  const found = new Map<string, Set<string>>();
  for (const shortcut of shortcuts) {
    const keys = found.get(shortcut.label!) ?? new Set();
    found.set(shortcut.label!, keys.add(shortcut.keys));
  }
  return [...found].map(([label, keys]) => [label, [...keys]]);
}
