// SPDX-License-Identifier: Apache-2.0
// Every page in the light theme: looks.mjs.
import { testLooks } from "./looks.mjs";

testLooks("light");
