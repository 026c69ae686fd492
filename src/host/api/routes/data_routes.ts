import { z } from "zod";
import type { ApiHost } from "../api_host.ts";
import { DATA_FILE_NAME, listDataFiles, readDataFile, writeDataFile } from "../data_files.ts";
import { defineRoute, type Route } from "../route.ts";
import { dataList, dataObject, dataWritten } from "../schemas.ts";
import { podOf, podParams } from "./pod_of.ts";

const fileParams = podParams.extend({
  filename: z.string().regex(DATA_FILE_NAME, "expected the name of a data file, *.json"),
});

/** The `*.json` files beside a pod's `pod.toml`. */
export function dataRoutes(host: ApiHost): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/api/v1/pods/{podId}/data",
      id: "listData",
      summary: "The data files of a pod's folder",
      access: "token",
      params: podParams,
      answers: { 200: dataList },
      refusals: [404],
      handle: async ({ params }) => ({
        status: 200,
        body: { files: await listDataFiles(podOf(host, params.podId).info().dir) },
      }),
    }),
    defineRoute({
      method: "get",
      path: "/api/v1/pods/{podId}/data/{filename}",
      id: "getData",
      summary: "What is in a data file",
      access: "token",
      params: fileParams,
      answers: { 200: dataObject },
      refusals: [404, 409],
      handle: async ({ params: { podId, filename } }) => {
        // As it stands in the file: numbers keep their digits.
        const text = await readDataFile(podOf(host, podId).info().dir, filename);
        return new Response(text, { headers: { "Content-Type": "application/json" } });
      },
    }),
    defineRoute({
      method: "put",
      path: "/api/v1/pods/{podId}/data/{filename}",
      id: "putData",
      summary: "Replaces a data file, or makes one",
      access: "token",
      params: fileParams,
      body: dataObject,
      answers: { 200: dataWritten, 201: dataWritten },
      refusals: [404, 409],
      handle: async ({ params: { podId, filename }, bodyText }) => {
        const { dir } = podOf(host, podId).info();
        const body = { ok: true, name: filename } as const;
        return await writeDataFile(dir, filename, bodyText) === "new"
          ? { status: 201, body }
          : { status: 200, body };
      },
    }),
  ];
}
