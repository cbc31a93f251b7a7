import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { FakeSocket } from "../testing/FakeSocket";
import { asked, opened, updates } from "../testing/examples";
import { hear, visitJoined } from "../testing/page";
import { ErrorBoundary } from "./ErrorBoundary";

test("leaving is confirmed, and staying says nothing to the study", () => {
  visitJoined(updates(1, opened, asked("person")));
  fireEvent.click(screen.getByRole("button", { name: "Leave study" }));
  fireEvent.click(screen.getByRole("button", { name: "Stay" }));

  expect(screen.queryByRole("dialog")).toBeNull();
  expect(FakeSocket.last.sentOf("leave")).toEqual([]);
});

test("a study that speaks in ways this page does not know asks for a reload", () => {
  visitJoined(updates(1, opened, asked("person")));
  hear({ kind: "surprise" } as never);

  expect(screen.getByRole("button", { name: "Reload the page" })).toBeTruthy();
});

test("a page that fails says what happened and offers a reload", () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const Broken = () => {
    throw new Error("The lamp is out.");
  };
  render(
    <ErrorBoundary>
      <Broken />
    </ErrorBoundary>,
  );

  expect(screen.getByText("What happened: The lamp is out.")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Reload the page" })).toBeTruthy();
});
