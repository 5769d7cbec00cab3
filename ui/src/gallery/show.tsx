// One screen on the recorded answers, as one person in one language: what component tests look at.
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ComponentType } from "react";
import type { CommandName } from "../bindings";
import { replaceHost } from "../call";
import { makeQueries } from "../reading";
import { Clock, SessionContext, type Session } from "../session";
import type { Language } from "../times";
import { SpeechProvider } from "../words";
import { command, host, sessionOf } from "./answers";

export interface Sent {
  name: string;
  arguments: Record<string, unknown>;
}

/** What a test changes: a function for a command answers instead of the recording, or throws a refusal. */
export type Changed = Partial<Record<CommandName, (args: Record<string, unknown>) => unknown>>;

export function showScreen(Screen: ComponentType, address: string, options: { login?: string; language?: Language; changed?: Changed; duties?: string[] } = {}) {
  const { login = "approver", language = "en", changed = {}, duties } = options;
  const sent: Sent[] = [];
  const hosted: { command: string; body: Record<string, unknown> }[] = [];
  replaceHost({
    async ask(name, body) {
      hosted.push({ command: name, body });
      if (name !== "call") return host(name);
      const call = body as unknown as Sent;
      sent.push(call);
      const other = changed[call.name as CommandName];
      return other ? other(call.arguments) : command(call.name, call.arguments, login);
    },
  });
  window.location.hash = address;
  const opened = sessionOf(login);
  const session = { ...opened, profile: { id: "p1", kind: "server" }, duties: duties ?? opened.duties, now_at: opened.now, heard_at: Date.now(), refresh() {}, leave() {} } as unknown as Session;
  const shown = render(
    <MantineProvider>
      <QueryClientProvider client={makeQueries()}>
        <SpeechProvider language={language}>
          <SessionContext value={session}>
            <Clock session={session}>
              <Screen />
            </Clock>
          </SessionContext>
        </SpeechProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { ...shown, sent, hosted, calls: (name: CommandName) => sent.filter((one) => one.name === name) };
}
