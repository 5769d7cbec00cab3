import { Menu } from "@mantine/core";
import { IconCheck, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useAppearance, type Appearance } from "../appearance";
import { Chip } from "../parts/Chip";
import { cx } from "../parts/cx";
import { KeyHint } from "../parts/KeyHint";
import { useNow, useSession } from "../session";
import { useSpeech } from "../words";
import { ClockForm } from "./ClockForm";
import classes from "./shell.module.css";

export function Header({ onSearch }: { onSearch(): void }) {
  const { words, formats, language, speak } = useSpeech();
  const session = useSession();
  const now = useNow();
  const { appearance, choose } = useAppearance();
  const [moving, setMoving] = useState(false);
  const clock = formats.exact(now.toISOString()).slice(0, 16);
  const duty = session.duties[0];
  const job = duty ? words.shell.duties[duty] : words.shell.noDuty;
  const looks: Appearance[] = ["light", "dark", "system"];
  return (
    <header className={classes.header}>
      <a className={classes.brand} href="#/today">
        {words.shell.app}
      </a>
      {session.rehearsal ? (
        <button type="button" className={classes.clock} onClick={() => setMoving(true)} title={words.shell.clock.open} data-testid="books-chip">
          <Chip tone="amber">{words.shell.rehearsalAt(clock)}</Chip>
        </button>
      ) : (
        <Chip tone="ink" data-testid="books-chip">{words.shell.production}</Chip>
      )}
      <button type="button" className={classes.search} onClick={onSearch} data-testid="search">
        <IconSearch size={14} stroke={1.8} aria-hidden="true" />
        <span className="clip">{words.shell.search.open}</span>
        <KeyHint keys="Mod+k" />
      </button>
      <div className={classes.headerEnd}>
        <Chip>{session.rehearsal ? words.shell.asOfNow : `${clock} ${words.shell.shanghai}`}</Chip>
        <div className={classes.languages} role="group" aria-label="Language · 语言">
          <button type="button" className={cx(language === "en" && classes.chosen)} aria-pressed={language === "en"} onClick={() => speak("en")} data-testid="language-en" lang="en">
            EN
          </button>
          <span aria-hidden="true">·</span>
          <button type="button" className={cx(language === "zh-CN" && classes.chosen)} aria-pressed={language === "zh-CN"} onClick={() => speak("zh-CN")} data-testid="language-zh" lang="zh-CN">
            中文
          </button>
        </div>
        <Menu position="bottom-end" width={220} transitionProps={{ duration: 0 }}>
          <Menu.Target>
            <button type="button" className={classes.person} data-testid="person" data-login={session.login}>
              {job}
              {session.duties.length > 1 && <span> +{session.duties.length - 1}</span>}
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{words.shell.account.signedInAs(session.login)}</Menu.Label>
            {session.duties.map((one) => (
              <Menu.Label key={one}>{words.shell.duties[one]}</Menu.Label>
            ))}
            <Menu.Divider />
            <Menu.Label>{words.shell.account.appearance}</Menu.Label>
            {looks.map((look) => (
              <Menu.Item key={look} onClick={() => choose(look)} rightSection={appearance === look ? <IconCheck size={14} /> : null} data-testid={`theme-${look}`}>
                {words.shell.account[look]}
              </Menu.Item>
            ))}
            <Menu.Divider />
            <Menu.Item onClick={() => session.leave()} data-testid="sign-out">
              {words.shell.account.signOut}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {session.rehearsal && moving && <ClockForm open onClose={() => setMoving(false)} />}
    </header>
  );
}
