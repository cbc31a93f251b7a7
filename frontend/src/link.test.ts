import { expect, test } from "vitest";

import { readLink, setWorkerId } from "./link";

test("a link says who follows it", () => {
  history.replaceState(null, "", "/?worker_id=W%201&assignment_id=A1&source=lab");

  expect(readLink()).toEqual({ workerId: "W 1", assignmentId: "A1" });
  expect(location.search).toBe("?worker_id=W%201&assignment_id=A1&source=lab");
});

test("an assignment that the link lacks is made up once, and found again after a reload", () => {
  history.replaceState(null, "", "/?worker_id=W1&source=lab");
  const first = readLink();

  expect(first.assignmentId).toMatch(/^[0-9a-f]{32}$/);
  expect(readLink()).toEqual(first);
  expect(location.search).toContain("source=lab");
});

test("an id that is typed in becomes part of the link", () => {
  readLink();
  const given = setWorkerId("W&1");

  expect(given.workerId).toBe("W&1");
  expect(readLink()).toEqual(given);
});
