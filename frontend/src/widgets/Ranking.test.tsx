import { fireEvent, screen } from "@testing-library/react";
import { expect, test } from "vitest";

import { ranking, show, task } from "./testing";

const shown = () => screen.getAllByRole("listitem").map((item) => item.querySelector(".verbatim")?.textContent);
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const three = ranking("q", [{ id: "1st", text: "a" }, "b", "c"], { text: "Which is best?" });

test("the order that it comes in is no answer before someone keeps it", () => {
  const { said } = show(three);
  expect(screen.getByText(/Not answered yet/)).toBeTruthy();
  press("Keep this order");

  expect(said).toEqual([["q", ["1st", "b", "c"]]]);
  expect(screen.queryByText(/Not answered yet/)).toBeNull();
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Move down: a" }));
});

test("moving something is an answer: all, best first", () => {
  const { said } = show(three);
  press("Move up: c");
  press("Move down: a");

  expect(said.map(([, value]) => value)).toEqual([
    ["1st", "c", "b"],
    ["c", "1st", "b"],
  ]);
  expect(shown()).toEqual(["c", "a", "b"]);
});

test("the focus goes along, so that one can press on, and the new place is told", () => {
  show(three);
  press("Move up: c");
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Move up: c" }));
  expect(screen.getByRole("status").textContent).toBe("c is now 2 of 3.");
  press("Move up: c");
  press("Move up: c");

  expect(shown()).toEqual(["c", "a", "b"]);
  expect(document.activeElement?.getAttribute("aria-disabled")).toBe("true");
});

test("without options the replies are ranked, by their numbers", () => {
  const { said } = show(ranking("q"), { replies: ["Hello!", "Go away."] });
  press("Move up: Go away.");

  expect(said).toEqual([["q", ["2", "1"]]]);
  expect(shown()).toEqual(["Go away.", "Hello!"]);
});

test("a ranking that nobody requires can be taken back", () => {
  const { said } = show(task([three], { is_required: false }), { answers: { q: ["b", "1st", "c"] } });
  press("Clear this answer");

  expect(said).toEqual([["q", null]]);
  expect(shown()).toEqual(["a", "b", "c"]);
});

test("an answer that ranks other things is none", () => {
  show(three, { answers: { q: ["b", "1st", "gone"] } });

  expect(shown()).toEqual(["a", "b", "c"]);
  expect(screen.getByRole("button", { name: "Keep this order" })).toBeTruthy();
});

test("the list has the question's name", () => {
  show(three);

  expect(screen.getByRole("list", { name: "Which is best?" })).toBeTruthy();
});
