import { beforeEach, expect, test } from "vitest";

import { IDLE_MS, Stopwatch } from "./times";

let now = 0;
let watch: Stopwatch;

const after = (seconds: number) => (now += seconds * 1000);
const spent = (part: number, turn: number | null, active_seconds: number, idle_seconds = 0) => ({
  part,
  turn,
  active_seconds,
  idle_seconds,
});

beforeEach(() => {
  now = 1_000_000;
  watch = new Stopwatch(() => now);
  watch.at({ part: 1, turn: 3 });
});

test("time goes to the turn that somebody is at", () => {
  after(5);
  watch.at({ part: 1, turn: 5 });
  after(2.5);

  expect(watch.take()).toEqual([spent(1, 3, 5), spent(1, 5, 2.5)]);
});

test("the same turn of two parts, and a whole dialogue, are places of their own", () => {
  after(1);
  watch.at({ part: 2, turn: 3 });
  after(2);
  watch.at({ part: 3, turn: null });
  after(3);

  expect(watch.take()).toEqual([spent(1, 3, 1), spent(2, 3, 2), spent(3, null, 3)]);
});

test("coming back to a turn adds to its time", () => {
  after(1);
  watch.at({ part: 1, turn: 5 });
  after(1);
  watch.at({ part: 1, turn: 3 });
  after(2);

  expect(watch.take()).toEqual([spent(1, 3, 3), spent(1, 5, 1)]);
});

test("somebody who does nothing is idle after half a minute, and active again once they act", () => {
  after(100);
  watch.acted();
  after(4);

  expect(watch.take()).toEqual([spent(1, 3, IDLE_MS / 1000 + 4, 70)]);
});

test("a page that is not looked at counts as idle", () => {
  after(2);
  watch.see(false);
  after(20);
  watch.see(true);
  after(3);

  expect(watch.take()).toEqual([spent(1, 3, 5, 20)]);
});

test("what was taken is not counted again", () => {
  after(4);
  watch.take();
  after(1);

  expect(watch.take()).toEqual([spent(1, 3, 1)]);
});

test("taking the times in the middle of a pause does not make it active", () => {
  after(40);
  watch.take();
  after(10);

  expect(watch.take()).toEqual([spent(1, 3, 0, 10)]);
});

test("nothing is counted while nothing is labelled", () => {
  after(1);
  watch.stop();
  after(60);

  expect(watch.take()).toEqual([spent(1, 3, 1)]);
});

test("a clock that is set back takes nothing away", () => {
  after(10);
  watch.acted();
  after(-5);

  expect(watch.take()).toEqual([spent(1, 3, 10)]);
});
