import { fireEvent, screen } from "@testing-library/react";
import { describe, expect, test } from "vitest";

import { scale, show } from "./testing";

const names = () => screen.getAllByRole<HTMLInputElement>("radio").map((radio) => radio.labels?.[0]?.textContent);

test("each point is an answer", () => {
  const { said } = show(scale("q", { low: -1, high: 1 }));
  fireEvent.click(screen.getByRole("radio", { name: "0" }));
  fireEvent.click(screen.getByRole("radio", { name: "-1 – lowest" }));

  expect(said.map(([, value]) => value)).toEqual([0, -1]);
});

test("points that have names say them", () => {
  show(scale("q", { labels: { "1": "never", "3": "at times" }, allows_na: true }));

  expect(names()).toEqual(["1never", "2", "3at times", "4", "5", "n/a"]);
  expect(screen.getByRole("radio", { name: "3 – at times" })).toBeTruthy();
  expect(screen.getByRole("radio", { name: "n/a – not applicable" })).toBeTruthy();
});

test("what is rated has its name before the question", () => {
  show(scale("q", { label: "Engaging", text: "Would you go on?" }));

  expect(screen.getByRole("group", { name: "Engaging: Would you go on?" })).toBeTruthy();
});

describe("a long scale", () => {
  const field = () => screen.getByRole<HTMLInputElement>("textbox", { name: "How much?" });
  const write = (text: string) => {
    fireEvent.change(field(), { target: { value: text } });
    fireEvent.blur(field());
  };
  const long = () => show(scale("q", { text: "How much?", low: 0, high: 100, labels: { "100": "all" } }));

  test("is answered with a number", () => {
    const { said } = long();
    write(" 42");
    write("");

    expect(said).toEqual([
      ["q", 42],
      ["q", null],
    ]);
  });

  test.each(["101", "4.5", "many"])("does not take %s, and says what it takes", (text) => {
    const { said } = long();
    write(text);

    expect(said).toEqual([]);
    expect(field().value).toBe(text);
    expect(field().getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByText("A whole number from 0 to 100 – all.")).toBeTruthy();
  });
});
