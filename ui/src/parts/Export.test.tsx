import { MantineProvider } from "@mantine/core";
import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { replaceHost } from "../call";
import { SessionContext, type Session } from "../session";
import { SpeechProvider } from "../words";
import { ExportButton } from "./Export";

type Answer = (body: Record<string, unknown>, progress: (step: unknown) => void) => unknown;

/** Opens the dialog of a list whose host answers so; what the host was asked is returned. */
function open(answer: Answer) {
  const asked: { command: string; body: Record<string, unknown> }[] = [];
  replaceHost({
    async ask(command, body, progress) {
      asked.push({ command, body });
      return command === "export_list" ? answer(body, progress!) : null;
    },
  });
  const session = { login: "auditor", duties: ["auditor"], rehearsal: true } as unknown as Session;
  render(
    <MantineProvider>
      <SpeechProvider language="en">
        <SessionContext value={session}>
          <ExportButton title="Customers" of={{ list: "customers.list", arguments: { search: "a" } }} words={{ kind: { personal: "person" } }} />
        </SessionContext>
      </SpeechProvider>
    </MantineProvider>,
  );
  fireEvent.click(screen.getByTestId("export"));
  return asked;
}

test("an_export_asks_for_the_list_of_the_screen_and_shows_where_the_file_is", async () => {
  const asked = open(() => ({ path: "/home/desk/Customers.xlsx", rows: 1203 }));
  fireEvent.click(await screen.findByTestId("export-start"));
  expect((await screen.findByTestId("export-done")).textContent).toContain("1,203 rows written to/home/desk/Customers.xlsx");
  const { name, wanted } = asked[0]!.body as { name: string; wanted: Record<string, unknown> };
  expect(name).toMatch(/^Customers \d{4}-\d\d-\d\d rehearsal\.xlsx$/);
  expect(wanted).toMatchObject({ list: "customers.list", arguments: { search: "a" }, format: "xlsx", language: "en", words: { kind: { personal: "person" } } });
  fireEvent.click(screen.getByText("Show in folder"));
  expect(asked.at(-1)).toEqual({ command: "reveal_path", body: { path: "/home/desk/Customers.xlsx" } });
});

test("a_running_export_counts_its_rows_and_can_be_stopped", async () => {
  let stop: (refusal: unknown) => void = () => {};
  const asked = open((_, progress) => {
    progress({ rows: 500 });
    return new Promise((_done, refuse) => (stop = refuse));
  });
  fireEvent.click(await screen.findByTestId("export-start"));
  expect(await screen.findByText("500 rows written…")).toBeTruthy();
  fireEvent.click(screen.getByTestId("export-stop"));
  expect(asked.at(-1)!.command).toBe("cancel_export");
  stop({ kind: "rule", name: "export_cancelled" });
  expect(await screen.findByTestId("export-start")).toBeTruthy();
  expect(screen.queryByTestId("refusal"), "whoever stopped it knows").toBeNull();
});

test("a_refused_export_says_why", async () => {
  open(() => Promise.reject({ kind: "rule", name: "file_not_written" }));
  fireEvent.click(await screen.findByTestId("export-start"));
  expect((await screen.findByTestId("refusal")).dataset.rule).toBe("file_not_written");
});
