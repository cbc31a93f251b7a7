import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as z from "zod/mini";

import { characterCount, fromPage, parseToPage, toPage, update, wellFormed } from "./wire";

const kinded = z.looseObject({ kind: z.string() });
const examplesPath = join(import.meta.dirname, "../../tests/wire/examples.json");
const examples = z
  .object({ from_page: z.array(kinded), to_page: z.array(kinded) })
  .parse(JSON.parse(readFileSync(examplesPath, "utf8")));

function kindsOf(union: { def: { options: readonly { shape: { kind: { def: { values: string[] } } } }[] } }): string[] {
  return union.def.options.flatMap((option) => option.shape.kind.def.values).sort();
}

describe("the shared examples", () => {
  test.each(examples.from_page)("from the page, $kind reads and writes the same", (example) => {
    expect(fromPage.parse(example)).toEqual(example);
  });

  test.each(examples.to_page)("to the page, $kind reads whole", (example) => {
    expect(parseToPage(JSON.stringify(example))).toEqual(example);
  });

  test("show every kind of message", () => {
    const shown = (messages: readonly { kind: string }[]) => [...new Set(messages.map(({ kind }) => kind))].sort();
    const updates = examples.to_page.flatMap((message) => z.array(kinded).parse(message["updates"] ?? []));

    expect(shown(examples.from_page)).toEqual(kindsOf(fromPage));
    expect(shown(examples.to_page)).toEqual(kindsOf(toPage));
    expect(shown(updates)).toEqual(kindsOf(update));
  });
});

test("an unknown kind, a wrong type and a broken text are all unreadable", () => {
  expect(parseToPage('{"kind":"surprise"}')).toBeNull();
  expect(parseToPage('{"kind":"ack","id":7}')).toBeNull();
  expect(parseToPage("{")).toBeNull();
  expect(parseToPage(new ArrayBuffer(1))).toBeNull();
});

test("characters are counted as the server counts them", () => {
  expect(characterCount("🙂".repeat(9_000))).toBe(9_000);
  expect(characterCount("🙂b")).toBe(2);
});

test("half an emoji cannot break the message that carries it", () => {
  expect(wellFormed("a\uD83D b 🙂")).toBe("a\uFFFD b 🙂");
});
