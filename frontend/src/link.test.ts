import { expect, test } from "vitest";

import { readLink, setWorkerId } from "./link";

test("a link says who follows it", () => {
  history.replaceState(null, "", "/?worker_id=W%201&assignment_id=A1&source=lab");

  expect(readLink()).toEqual({ workerId: "W 1", assignmentId: "A1", expires: 0, signature: "" });
  expect(location.search).toBe("?worker_id=W%201&assignment_id=A1&source=lab");
});

test("an assignment that the link lacks is made up once, and found again after a reload", () => {
  history.replaceState(null, "", "/?worker_id=W1&source=lab");
  const first = readLink();

  expect(first.assignmentId).toMatch(/^[0-9a-f]{32}$/);
  expect(readLink()).toEqual(first);
  expect(location.search).toContain("source=lab");
});

test("a signed link says until when it holds, and that it was not made up", () => {
  history.replaceState(null, "", "/?worker_id=W1&assignment_id=A1&expires=1798761600&signature=ab_-3");

  expect(readLink()).toMatchObject({ expires: 1_798_761_600, signature: "ab_-3" });
});

test("a link that someone has tampered with can still be sent, to be refused with a reason", () => {
  history.replaceState(null, "", `/?worker_id=W1&assignment_id=A1&expires=1e9&signature=${"x".repeat(9_999)}`);

  expect(readLink().expires).toBe(0);
  expect(readLink().signature).toHaveLength(128);
});

test("an id that is typed in becomes part of the link", () => {
  readLink();
  const given = setWorkerId("W&1");

  expect(given.workerId).toBe("W&1");
  expect(readLink()).toEqual(given);
});
