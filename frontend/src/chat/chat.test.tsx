import { act, fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, test, vi } from "vitest";

import { FakeSocket } from "../testing/FakeSocket";
import { ATTACHED, DETACHED, asked, joined, opened, turn, updates } from "../testing/examples";
import { labelsAsked, part, turnTask } from "../testing/labels";
import { hear, visit, visitJoined } from "../testing/page";

const composer = () => screen.getByLabelText<HTMLTextAreaElement>("Your message");
const write = (text: string) => fireEvent.change(composer(), { target: { value: text } });
const press = (init: object = {}) => fireEvent.keyDown(composer(), { key: "Enter", ...init });
const said = () => FakeSocket.last.sentOf("say");
const button = (name: string) => screen.getByRole("button", { name });

const atOwnTurn = () => visitJoined(updates(1, opened, asked("person")));

describe("the composer", () => {
  test("sends by Enter, shows the words at once, and says saved only when they are", () => {
    atOwnTurn();
    write("Hi\nthere ");
    press();
    expect(said()).toMatchObject([{ dialogue: 0, text: "Hi\nthere" }]);
    expect(composer().value).toBe("");
    expect(screen.getByText("Sending…")).toBeTruthy();
    hear({ kind: "ack", id: said()[0]?.id ?? "" });

    expect(screen.getByText("Saved")).toBeTruthy();
  });

  test("does not send by Shift and Enter, nor while an input method is at work", () => {
    atOwnTurn();
    write("こん");
    press({ shiftKey: true });
    press({ isComposing: true });
    press({ keyCode: 229 });

    expect(said()).toEqual([]);
  });

  test("takes a draft during the partner's turn, and does not send it", () => {
    visitJoined(updates(1, opened, asked("bot")));
    write("Meanwhile");
    press();

    expect(screen.getByText("Partner is writing…")).toBeTruthy();
    expect(said()).toEqual([]);
    expect(composer().value).toBe("Meanwhile");
  });

  test("does not send a second text before the first is taken", () => {
    atOwnTurn();
    write("one");
    press();
    write("two");
    fireEvent.click(button("Send"));

    expect(said()).toHaveLength(1);
  });

  test("says how much is too much, and keeps it", () => {
    atOwnTurn();
    write("🙂".repeat(10_001));
    press();

    expect(screen.getByText(/too long to send: at most 10,000/)).toBeTruthy();
    expect(screen.getByText("10,001 of 10,000 characters")).toBeTruthy();
    expect(said()).toEqual([]);
  });

  test("gets a rejected text back, with the study's sentence", () => {
    atOwnTurn();
    write("Hi");
    press();
    hear({ kind: "rejected", id: said()[0]?.id ?? "", text: "It is not your turn." });

    expect(composer().value).toBe("Hi");
    expect(screen.getByText("It is not your turn.")).toBeTruthy();
  });

  test("keeps what is sent while the study is away, and sends it when the study is back", () => {
    atOwnTurn();
    hear(DETACHED);
    write("Hi");
    press();
    expect(said()).toEqual([]);
    expect(screen.queryByText("Saved")).toBeNull();
    expect(screen.getByText(/The study is away/)).toBeTruthy();
    hear(ATTACHED, joined());

    expect(said()).toHaveLength(1);
  });
});

describe("the log", () => {
  test("shows text as text, and calls the partner nothing but Partner", () => {
    visitJoined(updates(1, opened, turn("system", "<b>bold</b>\nline"), asked("person")));

    expect(screen.getByText(/<b>bold<\/b>/).textContent).toBe("<b>bold</b>\nline");
    expect(screen.getByText("Partner")).toBeTruthy();
    expect(screen.getByRole("log").querySelector("b")).toBeNull();
  });

  test("keeps one bubble when the turn of record takes the place of the pending one", () => {
    atOwnTurn();
    write("Hi");
    press();
    const bubble = screen.getByText("Hi");
    hear(updates(3, turn("user", "Hi", said()[0]?.id), asked("bot", { turns_taken: 1 })));

    expect(screen.getByText("Hi")).toBe(bubble);
    expect(screen.getByText("Saved")).toBeTruthy();
    expect(screen.getByText("1 of at least 4 turns")).toBeTruthy();
  });

  test("leaves a reader where they read, and offers the way to what is new", () => {
    atOwnTurn();
    const scroller = screen.getByRole("region", { name: "Chat" });
    Object.defineProperties(scroller, { scrollHeight: { value: 1_000 }, clientHeight: { value: 300 } });
    scroller.scrollTop = 100;
    fireEvent.scroll(scroller);
    hear(updates(3, turn("system", "News")));
    expect(scroller.scrollTop).toBe(100);
    fireEvent.click(button("New message"));

    expect(scroller.scrollTop).toBe(1_000);
  });
});

describe("finishing", () => {
  test("is offered once the chat is long enough", () => {
    atOwnTurn();
    expect(screen.queryByRole("button", { name: "Finish this chat" })).toBeNull();
    hear(updates(3, asked("person", { turns_taken: 4, may_finish: true })));
    fireEvent.click(button("Finish this chat"));

    expect(FakeSocket.last.sentOf("finish")).toMatchObject([{ dialogue: 0 }]);
  });

  test("asks first where something is written and not sent", () => {
    visitJoined(updates(1, opened, asked("person", { turns_taken: 4, may_finish: true })));
    write("One more thing");
    fireEvent.click(button("Finish this chat"));
    expect(FakeSocket.last.sentOf("finish")).toEqual([]);
    fireEvent.click(button("Finish anyway"));

    expect(FakeSocket.last.sentOf("finish")).toHaveLength(1);
  });
});

describe("the time limit", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  const wait = (seconds: number) => act(() => void vi.advanceTimersByTime(seconds * 1_000));

  test("is announced politely a minute ahead, urgently at the end, and shown throughout", () => {
    visitJoined(updates(1, opened, asked("person", { seconds_left: 180 })));
    wait(119);
    expect(screen.queryByRole("timer")).toBeNull();
    wait(2);
    expect(screen.getByRole("timer").textContent).toBe("0:59 left to send your message");
    expect(screen.getByText("Less than 60 seconds left to send your message.").ariaLive ?? "polite").toBe("polite");
    wait(50);

    const urgent = screen.getByText("Less than 10 seconds left to send your message.");
    expect(urgent.getAttribute("aria-live")).toBe("assertive");
  });

  test("that is short is announced in its last third", () => {
    visit();
    hear(ATTACHED, joined("k3y", { turn_seconds: 60 }), updates(1, opened, asked("person", { seconds_left: 60 })));
    wait(39);
    expect(screen.queryByRole("timer")).toBeNull();
    wait(2);

    expect(screen.getByRole("timer")).toBeTruthy();
  });
});

describe("a chat that is labelled meanwhile", () => {
  const online = part(0, turnTask());
  const atLabelled = () =>
    visitJoined(
      updates(
        1,
        opened,
        labelsAsked([online], "online"),
        turn("user", "Hi", "s0"),
        turn("system", "Hello"),
        { kind: "turn_to_label", part: 0, turn: 1 },
        asked("person", { turns_taken: 4, may_finish: true }),
      ),
    );

  test("has its questions below the turn that they are about", () => {
    atLabelled();
    fireEvent.click(within(screen.getByRole("group", { name: "Turn 2, Partner" })).getByRole("radio", { name: "yes" }));

    expect(FakeSocket.last.sentOf("label")).toMatchObject([{ part: 0, turn: 1, question: "kind", value: "yes" }]);
  });

  test("holds back sending and finishing, says why, and leads to the question", () => {
    atLabelled();
    write("And you?");
    press();
    fireEvent.click(button("Finish this chat"));

    expect(said()).toEqual([]);
    expect(FakeSocket.last.sentOf("finish")).toEqual([]);
    expect(screen.getByText(/answer the questions about your partner’s turn first/)).toBeTruthy();
    expect(screen.getByRole("group", { name: "Turn 2, Partner" }).contains(document.activeElement)).toBe(true);
  });

  test("goes on once the turn is labelled", () => {
    atLabelled();
    fireEvent.click(screen.getByRole("radio", { name: "yes" }));
    write("And you?");
    press();

    expect(said()).toHaveLength(1);
  });
});

test("the second of two chats starts with an empty composer and its own number", () => {
  atOwnTurn();
  write("left over");
  hear(updates(3, { ...opened, dialogue: 1 }));

  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Chat 2 of 2");
  expect(composer().value).toBe("");
});
