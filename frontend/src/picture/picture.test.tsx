import { fireEvent, screen, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";

import { asked, opened, ratingsAsked, turn, updates } from "../testing/examples";
import { visitJoined } from "../testing/page";

const DOG = { id: "1f3870be274f", caption: "A dog on a red sofa.", source: "data:image/png;base64,AAAA" };

const chatAbout = (picture: typeof DOG) => visitJoined(updates(1, { ...opened, picture }, asked("bot")));
const enlarge = () => screen.getByRole("button", { name: /Enlarge$/ });
const narrow = () => vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));

describe("the picture of a chat", () => {
  test("stands beside it, with its caption for those who do not see it", () => {
    chatAbout(DOG);

    const pane = screen.getByRole("complementary", { name: "Picture" });
    expect(within(pane).getByRole("img", { name: DOG.caption }).getAttribute("src")).toBe(DOG.source);
  });

  test("stays when turns come", () => {
    visitJoined(updates(1, { ...opened, picture: DOG }, turn("system", "A dog!"), asked("person")));

    expect(screen.getByRole("img", { name: DOG.caption })).toBeTruthy();
  });

  test("can be folded away where it stands above the chat", () => {
    narrow();
    chatAbout(DOG);

    const fold = screen.getByText("Picture", { selector: "summary" }).closest("details");
    expect(fold?.open).toBe(true);
    expect(within(fold as HTMLElement).getByRole("img")).toBeTruthy();
  });

  test("says that nobody has described it, where nobody has", () => {
    chatAbout({ ...DOG, caption: "" });

    expect(screen.getByRole("img", { name: /Nobody has described it/ })).toBeTruthy();
  });

  test("can be looked at once more while the chat is rated", () => {
    visitJoined(updates(1, { ...opened, picture: DOG }, turn("system", "A dog!"), ratingsAsked));

    const reread = screen.getByText("Read the chat again").closest("details");
    expect(within(reread as HTMLElement).getByRole("img", { name: DOG.caption, hidden: true })).toBeTruthy();
  });

  test("is not there in chats about anything", () => {
    visitJoined(updates(1, opened, asked("bot")));

    expect(screen.queryByRole("complementary", { name: "Picture" })).toBeNull();
  });
});

describe("a picture that cannot be shown", () => {
  test("says so, and what is to be seen, where the study has none to send", () => {
    chatAbout({ ...DOG, source: "" });

    expect(screen.getByText(/cannot be shown/)).toBeTruthy();
    expect(screen.getByText(`It shows: ${DOG.caption}`)).toBeTruthy();
  });

  test("says so where the browser cannot read it", () => {
    chatAbout(DOG);
    fireEvent.error(screen.getByRole("img"));

    expect(screen.queryByRole("img")).toBeNull();
    expect(screen.getByText(/cannot be shown/)).toBeTruthy();
  });
});

describe("the enlarged picture", () => {
  test("opens over the page and closes again, with the focus back where it was", () => {
    chatAbout(DOG);
    fireEvent.click(enlarge());

    const dialog = screen.getByRole("dialog", { name: "Picture" });
    expect(within(dialog).getByRole("img", { name: DOG.caption })).toBeTruthy();
    fireEvent.click(within(dialog).getByRole("button", { name: "Close" }));

    expect(screen.queryByRole("dialog")).toBeNull();
    expect(document.activeElement).toBe(enlarge());
  });

  test("can be looked at in its full size", () => {
    chatAbout(DOG);
    fireEvent.click(enlarge());
    const button = screen.getByRole("button", { name: "Full size" });
    fireEvent.click(button);

    expect(button.getAttribute("aria-pressed")).toBe("true");
    expect(screen.getByRole("region", { name: "Whole picture" }).dataset["full"]).toBe("true");
  });
});
