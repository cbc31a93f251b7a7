import { fireEvent, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { choice, scale, show, task } from "./testing";

const radio = (name: string) => screen.getByRole<HTMLInputElement>("radio", { name });

test("one of the answers is chosen, and shown as chosen", () => {
  const { said } = show(choice("q", [{ id: "yes", text: "Yes, it does" }, "no"], { text: "Does it?" }));
  fireEvent.click(within(screen.getByRole("group", { name: "Does it?" })).getByRole("radio", { name: "Yes, it does" }));

  expect(said).toEqual([["q", "yes"]]);
  expect(radio("Yes, it does").checked).toBe(true);
  expect(radio("no").checked).toBe(false);
});

test("n/a is an answer among the others, where it is one", () => {
  const { said } = show(choice("q", ["yes"], { allows_na: true }));
  fireEvent.click(radio("Not applicable"));

  expect(said).toEqual([["q", "n/a"]]);
  expect(radio("Not applicable").checked).toBe(true);
});

test("questions stand under the answer that leads to them, and go with it", () => {
  const { root } = show(choice("q", [["yes", scale("sure", { text: "How sure?" })], "no"]));
  fireEvent.click(radio("yes"));
  const order = [...root.querySelectorAll("input")].map(({ value }) => value);
  fireEvent.click(radio("no"));

  expect(order).toEqual(["yes", "1", "2", "3", "4", "5", "no"]);
  expect(screen.queryByRole("group", { name: "How sure?" })).toBeNull();
});

test("an answer that nobody requires can be taken back, and the focus stays with the question", () => {
  const { said } = show(task([choice("q", ["yes"])], { is_required: false }));
  fireEvent.click(radio("yes"));
  fireEvent.click(screen.getByRole("button", { name: "Clear this answer" }));

  expect(said.at(-1)).toEqual(["q", null]);
  expect(document.activeElement).toBe(radio("yes"));
});

test("a required answer is changed, not taken back", () => {
  show(choice("q", ["yes"]), { answers: { q: "yes" } });

  expect(screen.queryByRole("button")).toBeNull();
});
