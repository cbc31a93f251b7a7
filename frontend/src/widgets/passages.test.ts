import { describe, expect, test } from "vitest";

import { chunksOf, segmentsOf, selectedIn, sliceOf, trimmed, withSpan } from "./passages";

const TEXT = "🙂 Well, I can't.\nYou can!";
const wordsOf = (text: string) => chunksOf(text).flatMap(({ word, text: said }) => (word === null ? [] : [said]));

describe("chunks", () => {
  test("are words, runs of other signs, and what is between", () => {
    expect(wordsOf(TEXT)).toEqual(["🙂", "Well", ",", "I", "can't", ".", "You", "can", "!"]);
    expect(wordsOf("Wait... what?!")).toEqual(["Wait", "...", "what", "?!"]);
    expect(wordsOf("我喜欢茶").length).toBeGreaterThan(1);
    expect(chunksOf("")).toEqual([]);
  });

  test("lie end to end, in code points", () => {
    const chunks = chunksOf(TEXT);

    expect(chunks.map(({ text }) => text).join("")).toBe(TEXT);
    expect(chunks.every((chunk) => sliceOf(TEXT, chunk) === chunk.text)).toBe(true);
    expect(chunks[2]).toMatchObject({ text: "Well", start: 2, end: 6, word: 1 });
  });
});

test("segments are cut where marks begin and end", () => {
  const [chunk] = chunksOf("wonderful");
  const spans = [
    { start: 0, end: 6, label: "joke" },
    { start: 2, end: 9, label: "fact" },
  ];

  expect(chunk && segmentsOf(chunk, spans)).toEqual([
    { text: "wo", start: 0, labels: ["joke"], ending: [] },
    { text: "nder", start: 2, labels: ["joke", "fact"], ending: ["joke"] },
    { text: "ful", start: 6, labels: ["fact"], ending: ["fact"] },
  ]);
});

describe("adding a span", () => {
  const joke = { start: 4, end: 8, label: "joke" };

  test("swallows what it overlaps of its own label, which the study would refuse", () => {
    expect(withSpan([joke], { start: 6, end: 10, label: "joke" })).toEqual([{ start: 4, end: 10, label: "joke" }]);
    expect(withSpan([joke], { start: 5, end: 6, label: "joke" })).toEqual([joke]);
  });

  test("leaves neighbours and other labels alone, in the order of the text", () => {
    const [before, fact] = [{ start: 0, end: 4, label: "joke" }, { start: 6, end: 10, label: "fact" }];

    expect(withSpan(withSpan([joke], fact), before)).toEqual([before, joke, fact]);
  });
});

test("white space at the ends of a selection is not meant", () => {
  expect(trimmed(TEXT, { start: 1, end: 8 })).toEqual({ start: 2, end: 7 });
  expect(trimmed(TEXT, { start: 1, end: 2 })).toBeNull();
  expect(trimmed(TEXT, { start: 3, end: 3 })).toBeNull();
});

describe("what is selected", () => {
  const select = (from: [Node, number], to: [Node, number]) => {
    const selection = document.getSelection();
    selection?.setBaseAndExtent(...from, ...to);
    return selection as Selection;
  };
  const shown = () => {
    document.body.innerHTML = "<p>Before</p><div>🙂 <b>Well, </b><i>I can</i></div><p>After</p>";
    const [before, box, after] = document.body.children as unknown as [Element, Element, Element];
    return { box, first: box.firstChild as Text, last: box.lastChild?.firstChild as Text, before, after };
  };

  test("is counted across elements, in either direction", () => {
    const { box, first, last } = shown();

    expect(selectedIn(box, select([first, 3], [last, 1]))).toEqual({ start: 2, end: 9 });
    expect(selectedIn(box, select([last, 1], [first, 3]))).toEqual({ start: 2, end: 9 });
  });

  test("ends with the text where it goes on outside of it", () => {
    const { box, first, last, before, after } = shown();

    expect(selectedIn(box, select([last, 2], [after, 0]))).toEqual({ start: 10, end: 13 });
    expect(selectedIn(box, select([before, 0], [first, 2]))).toEqual({ start: 0, end: 1 });
    expect(selectedIn(box, select([before, 0], [after, 0]))).toBeNull();
    expect(selectedIn(box, select([after, 0], [after, 1]))).toBeNull();
  });
});
