import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/shell.css";
import "./styles/chat.css";
import "./styles/picture.css";
import "./styles/scale.css";
import "./styles/labels.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./App";
import { Client, socketUrl } from "./client";
import { readLink } from "./link";
import { ErrorBoundary } from "./parts/ErrorBoundary";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element #root to put the page into.");

const client = new Client(readLink(), socketUrl());

createRoot(root).render(
  <StrictMode>
    <ErrorBoundary>
      <App client={client} />
    </ErrorBoundary>
  </StrictMode>,
);
