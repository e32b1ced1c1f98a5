// Reads WARC files with npm's warcio and prints, for each record, what it says
// of itself and its digests computed anew: node warcio.mjs CLI.JS FILE...
import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";

const [cli, ...files] = process.argv.slice(2);
const { WARCParser } = await import(pathToFileURL(join(dirname(cli), "index.js")));
const sha256 = (b) => "sha256:" + createHash("sha256").update(b).digest("hex");
const whole = async (r) => {
  const parts = [];
  for await (const chunk of r) parts.push(chunk);
  return Buffer.concat(parts);
};

const out = [];
for (const file of files) {
  // Blocks without, payloads with warcio's own reading of the HTTP header.
  const blocks = [];
  for await (const r of new WARCParser(createReadStream(file), { parseHttp: false })) blocks.push(await whole(r));
  let n = 0;
  for await (const r of new WARCParser(createReadStream(file))) {
    const payload = await whole(r);
    out.push({
      File: file, Type: r.warcType, URI: r.warcTargetURI ?? "", ID: r.warcHeader("WARC-Record-ID"),
      Payload: payload.toString("utf8"), PayloadDigest: sha256(payload), BlockDigest: sha256(blocks[n++]),
      WantPayload: r.warcPayloadDigest ?? "", WantBlock: r.warcBlockDigest ?? "",
    });
  }
  // Each record is a gzip member of its own, and nothing follows the last.
  const text = gunzipSync(readFileSync(file)).toString("latin1");
  if (text.split("WARC/1.1\r\n").length - 1 !== n) throw new Error(`${file}: warcio read ${n} records`);
}
console.log(JSON.stringify(out));
