import { MantineProvider } from "@mantine/core";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { asKontorError, KontorError } from "../call";
import { SpeechProvider } from "../words";
import { AmountField, TextField } from "./Fields";
import { Dialog, Form } from "./Form";

function Example({ onSubmit, refusal }: { onSubmit(): void; refusal?: KontorError }) {
  const [text, setText] = useState("");
  return (
    <Form onSubmit={onSubmit} submit="Send" refusal={refusal}>
      <TextField label="Reason" value={text} onChange={setText} />
      <AmountField label="Amount" onChange={() => {}} />
    </Form>
  );
}

const show = (element: React.ReactNode) =>
  render(
    <MantineProvider>
      <SpeechProvider language="en">{element}</SpeechProvider>
    </MantineProvider>,
  );

test("enter_of_an_input_method_does_not_send_the_form", () => {
  const sent = vi.fn();
  show(<Example onSubmit={sent} />);
  const field = screen.getByLabelText("Reason");
  fireEvent.keyDown(field, { key: "Enter", isComposing: true, keyCode: 229 });
  expect(sent).not.toHaveBeenCalled();
  // WebKit: the composition has just ended and the same Enter submits.
  fireEvent.compositionEnd(field);
  fireEvent.submit(field.closest("form")!);
  expect(sent).not.toHaveBeenCalled();
});

test("enter_sends_the_form_when_nothing_is_composed", () => {
  const sent = vi.fn();
  show(<Example onSubmit={sent} />);
  fireEvent.submit(screen.getByLabelText("Reason").closest("form")!);
  expect(sent).toHaveBeenCalledOnce();
});

test("an_unusual_amount_says_how_it_was_read", () => {
  show(<Example onSubmit={() => {}} />);
  fireEvent.change(screen.getByLabelText("Amount"), { target: { value: "￥１，２００元" } });
  expect(screen.getByText(/read as ¥ 1,200.00/)).toBeTruthy();
});

test("a_refusal_says_what_why_and_next", () => {
  show(<Example onSubmit={() => {}} refusal={new KontorError("rule", "id_already_used", { clause: "RA 9.1" }, null)} />);
  const alert = screen.getByRole("alert");
  expect(alert.textContent).toContain("already sent with other contents");
  expect(alert.textContent).toContain("Clause RA 9.1");
  expect(alert.textContent).toContain("Open the form again");
});

test("a_busy_customer_is_told_with_who_works_there", () => {
  show(<Example onSubmit={() => {}} refusal={asKontorError({ kind: "busy", holder: "reviewer" })} />);
  expect(screen.getByRole("alert").textContent).toContain("reviewer is working on this customer");
});

function Opener() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button onClick={() => setOpen(true)}>Open</button>
      {open && (
        <Dialog open onClose={() => setOpen(false)} title="Asked">
          <TextField label="Reason" value="" onChange={() => {}} autoFocus />
        </Dialog>
      )}
    </>
  );
}

test("a_closed_dialog_gives_the_focus_back_to_where_it_was", async () => {
  show(<Opener />);
  const opener = screen.getByText("Open");
  opener.focus();
  fireEvent.click(opener);
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Reason")));
  fireEvent.click(screen.getByLabelText("Close"));
  await waitFor(() => expect(document.activeElement).toBe(opener));
});
