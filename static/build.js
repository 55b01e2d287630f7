// Builds static/dist: style sheets, scripts, fonts and pictures, each with the digest of its content in its name,
// and manifest.json, which says under which name each one lies ("app.css" -> "app-4KX2.css"). Beside each text lies what
// browsers get of it: compressed by Brotli (.br) and by gzip (.gz), as far as either makes it shorter.
// The same sources always give the same bytes and names.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { basename, dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");

/** Name given to a bundle -> its source. Leaflet stands alone because generated map pages need it as the global `L`. */
const bundles = {
  app: "js/app.js",
  map: "js/map/index.js",
  desk: "js/desk.js",
  edit: "js/edit/index.js",
  visits: "js/visits/index.js",
  worker: "js/visits/worker.js",
};
const sheets = { app: "css/main.css", leaflet: "css/leaflet.css" };

/** Inside our bundles `import L from "leaflet"` means the one Leaflet the page has loaded. */
const leafletOfThePage = {
  name: "leaflet-of-the-page",
  setup(plugins) {
    plugins.onResolve({ filter: /^leaflet$/ }, () => ({ path: "leaflet", namespace: "page" }));
    plugins.onLoad({ filter: /.*/, namespace: "page" }, () => ({ contents: "export default window.L;" }));
  },
};

const common = {
  absWorkingDir: here,
  outdir: dist,
  bundle: true,
  minify: true,
  metafile: true,
  entryNames: "[name]-[hash]",
  assetNames: "assets/[name]-[hash]",
  target: ["chrome111", "firefox115", "safari16.4"],
  charset: "utf8",
  legalComments: "linked",
  logLevel: "warning",
};

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });

const scripts = await build({ ...common, entryPoints: bundles, format: "iife", plugins: [leafletOfThePage] });
const styles = await build({
  ...common,
  entryPoints: sheets,
  publicPath: "/static/dist", // a sheet that is written into a page has no address to be relative to
  loader: { ".woff2": "file", ".png": "file", ".svg": "file" },
});

const manifest = {};
for (const [file, { entryPoint, inputs }] of Object.entries({ ...scripts.metafile.outputs, ...styles.metafile.outputs })) {
  const built = relative(dist, join(here, file));
  if (entryPoint) {
    const names = entryPoint.endsWith(".css") ? sheets : bundles;
    const name = Object.keys(names).find((key) => names[key] === entryPoint);
    if (name) manifest[`${name}${extname(file)}`] = built;
  } else {
    for (const source of Object.keys(inputs)) manifest[`assets/${basename(source)}`] = built; // a font or picture of a style sheet
  }
}

/** Copies a file that is served as it is, under a name with its digest. */
async function copy(source, name) {
  const content = await readFile(source);
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const target = name.replace(/(\.[^.]+)$/, `-${digest}$1`);
  await mkdir(dirname(join(dist, target)), { recursive: true });
  await writeFile(join(dist, target), content);
  manifest[name] = target;
}

await copy(join(here, "node_modules/leaflet/dist/leaflet.js"), "leaflet.js");
for (const picture of await readdir(join(here, "images"))) await copy(join(here, "images", picture), `images/${picture}`);
const basemap = join(here, "..", "geo", "basemap");
await copy(join(basemap, "schematic.pmtiles"), "basemap/schematic.pmtiles");

for (const file of await readdir(dist, { recursive: true })) {
  if (![".css", ".js", ".svg"].includes(extname(file))) continue;
  const content = await readFile(join(dist, file));
  for (const [ending, compressed] of [[".br", brotliCompressSync(content)], [".gz", gzipSync(content, { level: 9 })]]) {
    if (compressed.length < content.length) await writeFile(join(dist, `${file}${ending}`), compressed);
  }
}

const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
await writeFile(join(dist, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);
