import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { contactOf } from "./claims";
import { Client, socketUrl } from "./client";
import { FakeSocket } from "./testing/FakeSocket";
import { ATTACHED, JOIN, DETACHED, asked, joined, opened, turn, updates } from "./testing/examples";

const LINK = { workerId: "W1", assignmentId: "A1", expires: 0, signature: "" };
const clients: Client[] = [];

/** A visit of the page; a second one is a reload. */
function visit(): Client {
  const client = new Client(LINK, "ws://study/page", () => 1);
  clients.push(client);
  client.start();
  FakeSocket.last.accept();
  return client;
}

function reconnect(): void {
  FakeSocket.last.hangUp();
  vi.advanceTimersByTime(10_000);
  FakeSocket.last.accept();
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  for (const client of clients.splice(0)) client.stop();
});

describe("entering", () => {
  test("the first time is by the link, once the study is there", () => {
    visit();
    FakeSocket.last.say(DETACHED);
    expect(FakeSocket.last.sent).toEqual([]);
    FakeSocket.last.say(ATTACHED);

    expect(FakeSocket.last.sent).toEqual([JOIN]);
  });

  test("after a lost line is by the token, from the last update on", () => {
    visit();
    FakeSocket.last.say(ATTACHED, joined("k3y"), updates(1, opened, asked("person")));
    reconnect();
    FakeSocket.last.say(ATTACHED);

    expect(FakeSocket.last.sent).toEqual([{ kind: "resume", token: "k3y", since: 2 }]);
  });

  test("after a reload is by the token, from the start", () => {
    visit().stop();
    FakeSocket.last.say(ATTACHED);
    visit();
    FakeSocket.last.say(ATTACHED, joined("k3y"), updates(1, opened));
    visit();
    FakeSocket.last.say(ATTACHED);

    expect(FakeSocket.last.sent).toEqual([{ kind: "resume", token: "k3y", since: 0 }]);
  });

  test("happens again each time that the study comes back", () => {
    visit();
    FakeSocket.last.say(ATTACHED, joined("k3y"), DETACHED, ATTACHED);

    expect(FakeSocket.last.sent.map(({ kind }) => kind)).toEqual(["join", "resume"]);
  });

  test("with a token that the study does not know goes back to the link", () => {
    const client = visit();
    FakeSocket.last.say(ATTACHED, joined("old"), updates(1, opened));
    reconnect();
    FakeSocket.last.say(ATTACHED, { kind: "refused", reason: "unknown_session", text: "Unknown." });

    expect(FakeSocket.last.sent.at(-1)).toEqual(JOIN);
    expect(client.getState().refusal).toBeNull();
  });

  test("can be refused", () => {
    const client = visit();
    FakeSocket.last.say(ATTACHED, { kind: "refused", reason: "no_places", text: "All places are taken." });

    expect(client.getState().refusal?.text).toBe("All places are taken.");
  });
});

describe("what is said", () => {
  const say = (client: Client) => client.say({ kind: "say", dialogue: 0, text: "Hi" });

  test("is sent at once where the page is joined", () => {
    const client = visit();
    FakeSocket.last.say(ATTACHED, joined());
    say(client);

    expect(FakeSocket.last.sentOf("say")).toMatchObject([{ dialogue: 0, text: "Hi" }]);
  });

  test("is sent again with the same id after every joining until it is answered", () => {
    const client = visit();
    FakeSocket.last.say(ATTACHED, joined());
    say(client);
    const [first] = FakeSocket.last.sentOf("say");
    reconnect();
    FakeSocket.last.say(ATTACHED, joined());

    expect(FakeSocket.last.sentOf("say")).toEqual([first]);
  });

  test("survives a reload", () => {
    say(visit());
    const client = visit();
    FakeSocket.last.say(ATTACHED, joined());

    expect(FakeSocket.last.sentOf("say")).toHaveLength(1);
    expect(client.getState().outbox).toHaveLength(1);
  });

  test.each(["ack", "rejected"] as const)("is not sent again after %s", (kind) => {
    const client = visit();
    FakeSocket.last.say(ATTACHED, joined());
    say(client);
    const id = FakeSocket.last.sentOf("say")[0]?.id ?? "";
    FakeSocket.last.say(kind === "ack" ? { kind, id } : { kind, id, text: "No." });
    visit();
    FakeSocket.last.say(ATTACHED, joined());

    expect(FakeSocket.last.sentOf("say")).toEqual([]);
  });

  test("is not sent again after its turn of record", () => {
    const client = visit();
    FakeSocket.last.say(ATTACHED, joined(), updates(1, opened));
    say(client);
    FakeSocket.last.say(updates(2, turn("user", "Hi", FakeSocket.last.sentOf("say")[0]?.id)));
    reconnect();
    FakeSocket.last.say(ATTACHED, joined());

    expect(FakeSocket.last.sentOf("say")).toEqual([]);
  });

  test("is not lost where the study drops it in silence", () => {
    const client = visit();
    FakeSocket.last.say(ATTACHED, joined());
    say(client);
    vi.advanceTimersByTime(15_000);
    FakeSocket.last.say({ kind: "pong" });

    expect(FakeSocket.last.sentOf("say")).toHaveLength(2);
  });
});

test("drafts, ratings and the comment survive a reload", () => {
  const client = visit();
  client.dispatch({ kind: "drafted", dialogue: 1, text: "half a thou" });
  client.dispatch({ kind: "rated", dialogue: 0, question: "fun", answer: 4 });
  client.dispatch({ kind: "commented", text: "nice" });

  expect(visit().getState()).toMatchObject({
    drafts: { 1: "half a thou" },
    answers: { 0: { fun: 4 } },
    comment: "nice",
  });
});

test("a session that is over leaves none of its words in the browser", () => {
  const client = visit();
  FakeSocket.last.say(ATTACHED, joined("k3y"), updates(1, opened, asked("person")));
  client.dispatch({ kind: "drafted", dialogue: 0, text: "half a thou" });
  client.dispatch({ kind: "rated", dialogue: 0, question: "fun", answer: 4 });
  client.dispatch({ kind: "commented", text: "nice" });
  FakeSocket.last.say(updates(3, { kind: "ended", outcome: "completed" }));

  expect(Object.keys(localStorage)).toEqual(["chateval/W1/A1/token"]);
});

test("a gap in the record is asked for again", () => {
  visit();
  FakeSocket.last.say(ATTACHED, joined("k3y"), updates(1, opened), updates(3, asked("person")));
  vi.advanceTimersByTime(500);
  FakeSocket.last.accept().say(ATTACHED);

  expect(FakeSocket.last.sent).toEqual([{ kind: "resume", token: "k3y", since: 1 }]);
});

test("the page says connected only while the study has let it in", () => {
  const client = visit();
  const contact = () => contactOf(client.getState());
  expect(contact()).toBe("waiting");
  FakeSocket.last.say(ATTACHED);
  expect(contact()).toBe("connecting");
  FakeSocket.last.say(joined());
  expect(contact()).toBe("connected");
  FakeSocket.last.say(DETACHED);
  expect(contact()).toBe("waiting");
  FakeSocket.last.hangUp();
  expect(contact()).toBe("reconnecting");
});

test("the socket is on the host that served the page", () => {
  expect(socketUrl()).toBe(`ws://${location.host}/page`);
});
