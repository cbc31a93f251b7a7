import { expect, test, vi } from "vitest";

import { Keep } from "./keep";
import { Outbox, type Pending } from "./outbox";

const LINK = { workerId: "W/1", assignmentId: "A1", expires: 0, signature: "" };
const entry = (id: string, at: number): Pending => ({
  message: { kind: "say", id, dialogue: 0, text: id },
  at,
  isCommitted: false,
});
const ids = (outbox: Outbox) => outbox.all().map(({ message }) => message.id);

test("what is added is there after a reload, oldest first", () => {
  const outbox = new Outbox(new Keep(LINK));
  outbox.add(entry("late", 2));
  outbox.add(entry("early", 1));

  expect(ids(new Outbox(new Keep(LINK)))).toEqual(["early", "late"]);
});

test("what is removed is gone after a reload", () => {
  const outbox = new Outbox(new Keep(LINK));
  outbox.add(entry("s1", 1));
  outbox.remove("s1");

  expect(ids(new Outbox(new Keep(LINK)))).toEqual([]);
});

test("two tabs of one link add to the same outbox", () => {
  const [one, other] = [new Outbox(new Keep(LINK)), new Outbox(new Keep(LINK))];
  one.add(entry("s1", 1));
  other.add(entry("s2", 2));

  expect(ids(one)).toEqual(["s1", "s2"]);
});

test("no link sees the outbox of another", () => {
  new Outbox(new Keep({ workerId: "W", assignmentId: "1/A1", expires: 0, signature: "" })).add(entry("s1", 1));

  expect(ids(new Outbox(new Keep(LINK)))).toEqual([]);
});

test("a browser that refuses storage still keeps everything while the page is open", () => {
  vi.stubGlobal("localStorage", null);
  const keep = new Keep(LINK);
  new Outbox(keep).add(entry("s1", 1));

  expect(ids(new Outbox(keep))).toEqual(["s1"]);
  expect(keep.isLasting).toBe(false);
});

test("what cannot be read is skipped", () => {
  const keep = new Keep(LINK);
  keep.write("outbox/x", "{");
  keep.write("outbox/y", '{"message":{"kind":"surprise"}}');

  expect(new Outbox(keep).all()).toEqual([]);
});
