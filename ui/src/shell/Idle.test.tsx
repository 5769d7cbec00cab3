import { MantineProvider } from "@mantine/core";
import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SessionContext, type Session } from "../session";
import { SpeechProvider } from "../words";
import { Idle, quiet_ms } from "./Idle";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function sitDown(rehearsal: boolean) {
  const leave = vi.fn();
  const session = { rehearsal, leave } as unknown as Session;
  render(
    <MantineProvider>
      <SpeechProvider language="en">
        <SessionContext value={session}>
          <Idle />
        </SessionContext>
      </SpeechProvider>
    </MantineProvider>,
  );
  return leave;
}

const wait = (milliseconds: number) => act(() => vi.advanceTimersByTime(milliseconds));

test("an_empty_desk_is_asked_and_then_signed_out", () => {
  const leave = sitDown(false);
  wait(quiet_ms - 30_000);
  expect(screen.queryByTestId("idle")).not.toBeNull();
  expect(leave).not.toHaveBeenCalled();
  wait(60_000);
  expect(leave).toHaveBeenCalledWith("idle");
});

test("who_moves_the_mouse_stays_and_who_slept_past_the_end_does_not", () => {
  const leave = sitDown(false);
  wait(quiet_ms - 30_000);
  fireEvent.pointerMove(window);
  wait(quiet_ms - 30_000);
  expect(leave).not.toHaveBeenCalled();
  // Asleep: no timer ran, and the first thing on waking is a hand on the mouse.
  vi.setSystemTime(Date.now() + quiet_ms);
  fireEvent.pointerMove(window);
  wait(6_000);
  expect(leave).toHaveBeenCalledWith("idle");
});

test("a_rehearsal_stays_open", () => {
  const leave = sitDown(true);
  wait(10 * quiet_ms);
  expect(leave).not.toHaveBeenCalled();
});
