import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Connection, PING_MS, SILENCE_MS } from "./connection";
import { FakeSocket } from "./testing/FakeSocket";
import { ATTACHED } from "./testing/examples";

const listener = { onOpen: vi.fn(), onClose: vi.fn(), onMessage: vi.fn(), onUnreadable: vi.fn() };
let connection: Connection;

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  connection = new Connection("ws://study/page", listener, () => 1);
  connection.start();
});

afterEach(() => connection.stop());

test("messages come in parsed, and others are reported", () => {
  FakeSocket.last.accept().say(ATTACHED).sayRaw('{"kind":"surprise"}');

  expect(listener.onMessage).toHaveBeenCalledExactlyOnceWith(ATTACHED);
  expect(listener.onUnreadable).toHaveBeenCalledOnce();
});

test("a lost line is replaced by itself, with growing pauses up to ten seconds", () => {
  for (const pause of [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]) {
    const sockets = FakeSocket.all.length;
    FakeSocket.last.hangUp();
    vi.advanceTimersByTime(pause - 1);
    expect(FakeSocket.all).toHaveLength(sockets);
    vi.advanceTimersByTime(1);
    expect(FakeSocket.all).toHaveLength(sockets + 1);
  }
});

test("pauses differ between pages, down to half", () => {
  const hasty = new Connection("ws://study/page", listener, () => 0);
  hasty.start();
  FakeSocket.last.hangUp();
  vi.advanceTimersByTime(250);

  expect(FakeSocket.all).toHaveLength(3);
  hasty.stop();
});

test("a line that has lasted forgets the pauses before it", () => {
  FakeSocket.last.hangUp();
  vi.advanceTimersByTime(500);
  FakeSocket.last.accept().say(ATTACHED);
  vi.advanceTimersByTime(PING_MS);
  FakeSocket.last.hangUp();
  vi.advanceTimersByTime(500);

  expect(FakeSocket.all).toHaveLength(3);
});

test("a line that does not answer a ping is given up", () => {
  FakeSocket.last.accept().say(ATTACHED);
  vi.advanceTimersByTime(PING_MS);
  expect(FakeSocket.last.sentOf("ping")).toHaveLength(1);
  vi.advanceTimersByTime(SILENCE_MS);

  expect(listener.onClose).toHaveBeenCalledOnce();
});

test("a line that answers its pings is kept", () => {
  FakeSocket.last.accept().say(ATTACHED);
  for (let ping = 0; ping < 4; ping += 1) {
    vi.advanceTimersByTime(PING_MS);
    FakeSocket.last.say({ kind: "pong" });
  }

  expect(FakeSocket.last.sentOf("ping")).toHaveLength(4);
  expect(FakeSocket.all).toHaveLength(1);
});

test("a socket that never opens is given up", () => {
  vi.advanceTimersByTime(SILENCE_MS + 500);

  expect(FakeSocket.all).toHaveLength(2);
});

test("when the network or the person comes back, the page does not wait out its pause", () => {
  FakeSocket.last.hangUp();
  dispatchEvent(new Event("online"));
  expect(FakeSocket.all).toHaveLength(2);

  FakeSocket.last.hangUp();
  document.dispatchEvent(new Event("visibilitychange"));
  expect(FakeSocket.all).toHaveLength(3);
});

test("a page that is looked at again asks at once whether its line still lives", () => {
  FakeSocket.last.accept().say(ATTACHED);
  document.dispatchEvent(new Event("visibilitychange"));

  expect(FakeSocket.last.sentOf("ping")).toHaveLength(1);
});

test("a stopped connection stays away", () => {
  connection.stop();
  dispatchEvent(new Event("online"));
  vi.advanceTimersByTime(60_000);

  expect(FakeSocket.all).toHaveLength(1);
});
