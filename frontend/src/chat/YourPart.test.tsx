import { screen, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";

import { asked, joined, opened, updates } from "../testing/examples";
import { hear, visitJoined } from "../testing/page";

const given = { ...opened, persona: ["I row on Sundays.", "I bake bread."], background: "You wait for a tram." };
const BARE = { instructions_html: "", left_pane_html: "" };

const onAPhone = () =>
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));

describe("a person's part in a chat", () => {
  test("stands under headings of its own beside the chat", () => {
    visitJoined(updates(1, given, asked("person")));

    const pane = screen.getByRole("complementary", { name: "About this task" });
    expect(within(pane).getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual(given.persona);
    expect(within(pane).getByRole("heading", { name: "Who you are in this chat" })).toBeTruthy();
    expect(within(pane).getByRole("heading", { name: "What you both know" }).nextSibling?.textContent).toBe(given.background);
  });

  test("is open at first where it stands above the chat, and leaves the task folded", () => {
    onAPhone();
    visitJoined(updates(1, given, asked("person")));

    expect(screen.getByText("Your part in this chat").closest("details")?.open).toBe(true);
    expect(screen.getByText("About this task").closest("details")?.open).toBe(false);
  });

  test("is there where the study has nothing else to say", () => {
    onAPhone();
    visitJoined(joined("k3y", BARE), updates(1, given, asked("person")));

    expect(screen.getByText("I bake bread.")).toBeTruthy();
    expect(screen.queryByText("About this task")).toBeNull();
  });

  test("leaves no trace where there is none", () => {
    onAPhone();
    visitJoined(joined("k3y", BARE), updates(1, opened, asked("person")));

    expect(screen.queryByText("Your part in this chat")).toBeNull();
  });

  test("is that of the chat that goes on", () => {
    visitJoined(updates(1, given, asked("person")));
    hear(updates(3, { ...opened, dialogue: 1, background: "You meet at a fair." }, asked("person", { dialogue: 1 })));

    expect(screen.queryByText("I bake bread.")).toBeNull();
    expect(screen.getByText("You meet at a fair.")).toBeTruthy();
  });

  test("is text, whatever is in it", () => {
    visitJoined(updates(1, { ...given, background: "<b>bold</b>" }, asked("person")));

    expect(screen.getByText("<b>bold</b>")).toBeTruthy();
  });
});
