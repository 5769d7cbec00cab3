import { act, renderHook, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { replaceHost } from "../call";
import { cancelReading, clearFinished, readFiles, useReadings, whenPosted } from "./readings";

let open: { path: string; end(answer: unknown): void; fail(error: unknown): void }[] = [];
let cancelled = 0;

beforeEach(() => {
  open = [];
  cancelled = 0;
  clearFinished();
  whenPosted(() => {});
  replaceHost({
    ask(command, body) {
      if (command === "cancel_import") cancelled += 1;
      if (command !== "import_file") return Promise.resolve(null);
      return new Promise((end, fail) => open.push({ path: String(body.path), end, fail }));
    },
  });
});

const states = (list: { name: string; state: string }[]) => list.map((one) => `${one.name} ${one.state}`);

test("files_are_read_one_after_the_other_in_the_order_of_choosing", async () => {
  const { result } = renderHook(() => useReadings());
  act(() => readFiles(["/in/a.csv", "/in/b.zip"]));
  await waitFor(() => expect(open).toHaveLength(1));
  expect(open[0]!.path).toBe("/in/a.csv");
  expect(states(result.current)).toEqual(["b.zip waits", "a.csv runs"]);
  act(() => open[0]!.end({ status: "posted", rows_posted: 3 }));
  await waitFor(() => expect(open).toHaveLength(2));
  act(() => open[1]!.fail({ kind: "rule", name: "file_totals_disagree", detail: { line: 9 } }));
  await waitFor(() => expect(states(result.current)).toEqual(["b.zip refused", "a.csv done"]));
  expect(result.current[0]!.refusal?.detail.line).toBe(9);
});

test("a_waiting_file_is_taken_out_and_a_running_one_is_asked_to_stop", async () => {
  const { result } = renderHook(() => useReadings());
  act(() => readFiles(["/in/a.csv", "/in/b.csv"]));
  await waitFor(() => expect(open).toHaveLength(1));
  const [waits, runs] = result.current;
  act(() => cancelReading(waits!.id));
  expect(states(result.current)).toEqual(["a.csv runs"]);
  act(() => cancelReading(runs!.id));
  expect(cancelled).toBe(1);
  act(() => open[0]!.fail({ kind: "rule", name: "import_cancelled" }));
  await waitFor(() => expect(states(result.current)).toEqual(["a.csv refused"]));
});
