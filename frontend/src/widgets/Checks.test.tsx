import { fireEvent, screen } from "@testing-library/react";
import { describe, expect, test } from "vitest";

import { checks, scale, show } from "./testing";

const box = (name: string) => screen.getByRole<HTMLInputElement>("checkbox", { name });

test("boxes are ticked and unticked, and none is an answer too", () => {
  const { said } = show(checks("q", ["a", "b"]));
  for (const name of ["b", "a", "b", "a"]) fireEvent.click(box(name));

  expect(said.map(([, value]) => value)).toEqual([["b"], ["a", "b"], ["a"], []]);
});

test("n/a replaces the ticks, and a tick replaces it", () => {
  const { said } = show(checks("q", ["a"], { allows_na: true }), { answers: { q: ["a"] } });
  fireEvent.click(box("Not applicable"));
  expect(box("a").checked).toBe(false);
  fireEvent.click(box("a"));
  fireEvent.click(box("Not applicable"));
  fireEvent.click(box("Not applicable"));

  expect(said.map(([, value]) => value)).toEqual(["n/a", ["a"], "n/a", null]);
});

test("says how many are wanted", () => {
  show(checks("q", ["a", "b", "c"], { minimum: 2 }));

  expect(screen.getByText("Choose at least 2.")).toBeTruthy();
});

describe("a menu", () => {
  const menu = (answers = {}) =>
    show(checks("q", ["a", ["b", scale("sure", { text: "How sure?" })]], { text: "Which?", layout: "menu" }), { answers });
  const button = () => screen.getByRole("button", { name: /^Which\?/ });

  test("says on its button what is ticked inside", () => {
    menu({ q: ["a", "b"] });

    expect(button().textContent).toBe("a, b");
    expect(button().getAttribute("aria-expanded")).toBe("false");
    expect(screen.queryByRole("checkbox")).toBeNull();
  });

  test("is opened, walked through and closed with the keyboard", () => {
    menu();
    button().focus();
    fireEvent.click(button());
    fireEvent.keyDown(button(), { key: "ArrowDown" });
    expect(document.activeElement).toBe(box("a"));
    fireEvent.keyDown(box("a"), { key: "ArrowUp" });
    expect(document.activeElement).toBe(box("b"));
    fireEvent.keyDown(box("b"), { key: "Escape" });

    expect(document.activeElement).toBe(button());
    expect(screen.queryByRole("checkbox")).toBeNull();
  });

  test("shows what a tick leads to also when it is closed", () => {
    menu({ q: ["b"] });

    expect(screen.getByRole("group", { name: "How sure?" })).toBeTruthy();
  });
});
