// The desk under the hand: keys, the list beside the map, one case in all three panes.
import { watchCaseList } from "./desk/case-list.js";
import { watchKeys } from "./desk/keys.js";

watchCaseList();
watchKeys();
