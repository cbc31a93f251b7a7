import { act, fireEvent, screen } from "@testing-library/react";
import { describe, expect, test } from "vitest";

import { scale, show, spans } from "./testing";

const TEXT = "🙂 Well, that is funny.";
const JOKE = { id: "joke", text: "Joke", shortcut: "j" };
const FACT = { id: "fact", text: "Fact", shortcut: "f" };
const two = spans("q", [JOKE, FACT], { text: "What is it?" });

const passage = () => screen.getByRole("listbox", { name: "What is it?" });
const press = (...keys: readonly string[]) => {
  for (const key of keys) {
    fireEvent.keyDown(passage(), { key: key.replace("+", ""), shiftKey: key.startsWith("+") });
  }
};
const selected = () => screen.queryAllByRole("option", { selected: true }).map(({ textContent }) => textContent);
const textNode = (words: string) => screen.getByRole("option", { name: words }).firstChild as Text;

function select(from: [string, number], to: [string, number]): void {
  act(() => {
    document.getSelection()?.setBaseAndExtent(textNode(from[0]), from[1], textNode(to[0]), to[1]);
    document.dispatchEvent(new Event("selectionchange"));
  });
}

describe("with the mouse or a finger", () => {
  test("what is selected is marked, in code points, and the selection is over", () => {
    const { said } = show(two, { text: TEXT });
    select(["Well", 1], ["is", 2]);
    fireEvent.click(screen.getByRole("button", { name: "Joke" }));

    expect(said).toEqual([["q", [{ start: 3, end: 15, label: "joke" }]]]);
    expect(document.getSelection()?.rangeCount).toBe(0);
    expect(selected()).toEqual([]);
  });

  test("a label without a selection does nothing but say so", () => {
    const { said } = show(two, { text: TEXT });
    fireEvent.click(screen.getByRole("button", { name: "Joke" }));

    expect(said).toEqual([]);
    expect(screen.getByRole("status").textContent).toBe("Select a passage of the text first.");
  });

  test("a selection elsewhere is none of its business", () => {
    show(two, { text: TEXT });
    select(["Well", 0], ["Well", 4]);
    act(() => {
      document.getSelection()?.selectAllChildren(screen.getByRole("button", { name: "Joke" }));
      document.dispatchEvent(new Event("selectionchange"));
    });

    expect(selected()).toEqual(["Well"]);
  });
});

describe("with the keyboard", () => {
  test("arrows walk word by word, and Shift selects", () => {
    show(two, { text: TEXT });
    press("ArrowRight", "ArrowRight");
    expect(selected()).toEqual(["Well"]);
    press("+ArrowRight", "+ArrowRight");
    expect(selected()).toEqual(["Well", ",", "that"]);
    press("+ArrowLeft");
    expect(selected()).toEqual(["Well", ","]);
    press("End", "+Home");
    expect(selected()).toHaveLength(7);
    press("Escape");

    expect(selected()).toEqual([]);
  });

  test("a label's key marks, and the focus stays", () => {
    const { said } = show(two, { text: TEXT });
    passage().focus();
    press("ArrowRight", "ArrowRight", "+ArrowRight", "f");

    expect(said).toEqual([["q", [{ start: 2, end: 7, label: "fact" }]]]);
    expect(document.activeElement).toBe(passage());
  });

  test("Enter leads to the labels, or marks where there is but one", () => {
    show(two, { text: TEXT });
    press("ArrowRight", "Enter");
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Joke" }));
    fireEvent.click(screen.getByRole("button", { name: "Joke" }));

    expect(screen.getByRole("list", { name: "Marked passages" }).textContent).toContain("“🙂”: Joke");
  });

  test("Enter marks at once where there is nothing to choose", () => {
    const { said } = show(spans("q", [], { text: "What is it?" }), { text: TEXT });
    press("ArrowRight", "Enter");

    expect(said).toEqual([["q", [{ start: 0, end: 1, label: "" }]]]);
  });

  test("Tab and other keys keep their meaning", () => {
    show(two, { text: TEXT });

    expect(fireEvent.keyDown(passage(), { key: "Tab" })).toBe(true);
    expect(fireEvent.keyDown(passage(), { key: "j", ctrlKey: true })).toBe(true);
    expect(fireEvent.keyDown(passage(), { key: "ArrowDown" })).toBe(true);
  });
});

describe("marks", () => {
  const joke = { start: 2, end: 6, label: "joke" };
  const fact = { start: 4, end: 12, label: "fact" };

  test("are shown in the text with their names, which are no part of it", () => {
    const { root } = show(two, { text: TEXT, answers: { q: [joke, fact] } });

    expect(passage().textContent).toBe(TEXT);
    const ends = [...root.querySelectorAll<HTMLElement>("[data-ending]")];
    expect(ends.map((end) => [end.textContent, end.dataset["ending"]])).toEqual([
      ["ll", "Joke"],
      ["that", "Fact"],
    ]);
  });

  test("are removed one by one", () => {
    const { said } = show(two, { text: TEXT, answers: { q: [joke, fact] } });
    fireEvent.click(screen.getByRole("button", { name: "Remove “Well”: Joke" }));

    expect(said).toEqual([["q", [fact]]]);
    expect(document.activeElement).toBe(passage());
    expect(screen.getByRole("status").textContent).toBe("Removed: “Well”: Joke.");
  });

  test("lead to the questions of their label", () => {
    const leading = spans("q", [{ ...JOKE, then: [scale("fun", { text: "How funny?" })] }], { text: "What is it?" });
    show(leading, { text: TEXT });
    expect(screen.queryByRole("group", { name: "How funny?" })).toBeNull();
    press("ArrowRight", "j");

    expect(screen.getByRole("group", { name: "How funny?" })).toBeTruthy();
  });
});

test("where there is no text, it says so", () => {
  show(two);

  expect(screen.getByText("There is no text here to mark.")).toBeTruthy();
});
