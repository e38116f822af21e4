/// The page that `GET /docs` serves: it shows the `openapi.json` next to it and lets one try each method.
///
/// One file, and nothing is loaded from elsewhere. Texts of the document only ever become text of the page.
enum DocumentationPage {
    /// The page as HTML.
    static let html = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>OpenCV Face Recognition</title>
        <link rel="icon" href="data:,">
        <style>
        \(style)
        </style>
        </head>
        <body>
        <a class="skip" href="#methods">Skip to the methods</a>
        <header>
          <h1 id="title">OpenCV Face Recognition</h1>
          <p id="about">Loading the document…</p>
          <p class="key">
            <label for="key">API key</label>
            <input id="key" type="password" autocomplete="off" spellcheck="false" placeholder="x-api-key">
            <label class="plain"><input id="show" type="checkbox"> show</label>
            <a href="openapi.json">openapi.json</a>
          </p>
        </header>
        <nav id="contents" aria-label="Groups of methods"></nav>
        <main id="methods"></main>
        <noscript>
          <p>This page needs JavaScript; <a href="openapi.json">openapi.json</a> is the document itself.</p>
        </noscript>
        <script>
        \(script)
        </script>
        </body>
        </html>

        """
}

// MARK: - Style

extension DocumentationPage {
    private static let style = """
        :root {
          --ink: #1c2733; --soft: #566473; --line: #d5dce3; --paper: #fff; --back: #f4f6f8; --link: #0a58a8;
          --get: #0b6b3a; --post: #0a58a8; --patch: #8a4b00; --delete: #a8201a; --code: #eef1f4;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ink: #e4e9ee; --soft: #a3b0bd; --line: #36424e; --paper: #1a222a; --back: #12181e; --link: #7db8f5;
            --get: #6fd19b; --post: #7db8f5; --patch: #f0b061; --delete: #ff938c; --code: #232d37;
          }
        }
        * { box-sizing: border-box; }
        body {
          max-width: 64rem; margin: 0 auto; padding: 0 1rem 4rem; color: var(--ink); background: var(--back);
          font: 1rem/1.5 system-ui, sans-serif;
        }
        a { color: var(--link); }
        h1 { margin: 2rem 0 .25rem; font-size: 1.75rem; line-height: 1.2; }
        h2 { margin: 2.5rem 0 .25rem; font-size: 1.25rem; }
        h3 { margin: 1.25rem 0 .4rem; font-size: 1rem; }
        p { margin: .25rem 0 .75rem; }
        code, pre, textarea, .path { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .875rem; }
        code { padding: .05em .3em; border-radius: .25rem; background: var(--code); overflow-wrap: anywhere; }
        .soft { color: var(--soft); }
        .skip { position: absolute; left: -99rem; }
        .skip:focus { left: 1rem; top: 1rem; }
        :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
        .key { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin: 1rem 0; }
        label { font-weight: 600; }
        label.plain { font-weight: 400; }
        input:not([type=checkbox]), select, textarea {
          max-width: 100%; padding: .35rem .5rem; border: 1px solid var(--soft); border-radius: .3rem;
          color: inherit; background: var(--paper); font-size: .9rem;
        }
        textarea { display: block; width: 100%; min-height: 9rem; margin-top: .25rem; resize: vertical; tab-size: 2; }
        button {
          padding: .4rem 1.1rem; border: 0; border-radius: .3rem; color: var(--paper); background: var(--link);
          font: inherit; font-weight: 600; cursor: pointer;
        }
        button:disabled { opacity: .6; cursor: progress; }
        #contents { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
        details.method {
          margin: .5rem 0; border: 1px solid var(--line); border-radius: .4rem; background: var(--paper);
        }
        details.method > summary {
          display: flex; flex-wrap: wrap; gap: .15rem .75rem; align-items: baseline; padding: .55rem .8rem;
          cursor: pointer;
        }
        details.method > summary::before { content: "▸"; color: var(--soft); }
        details.method[open] > summary::before { content: "▾"; }
        details.method[open] > summary { border-bottom: 1px solid var(--line); }
        .inside { padding: .5rem .8rem 1rem; }
        .verb { min-width: 4.2rem; font-weight: 700; font-size: .85rem; }
        .GET { color: var(--get); } .POST { color: var(--post); }
        .PATCH { color: var(--patch); } .DELETE { color: var(--delete); }
        .path { font-weight: 600; overflow-wrap: anywhere; }
        .scroll { overflow-x: auto; }
        table { width: 100%; border-collapse: collapse; font-size: .9rem; }
        th, td {
          padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top;
        }
        th { color: var(--soft); font-weight: 600; }
        td p { margin: 0; }
        td:first-child code { overflow-wrap: normal; white-space: nowrap; }
        .must { color: var(--delete); font-size: .8rem; }
        .nested { margin-top: .25rem; }
        .nested summary { color: var(--link); cursor: pointer; font-size: .85rem; }
        .nested > div { padding-left: .9rem; border-left: 2px solid var(--line); }
        form .field { margin: .4rem 0; }
        form .field label { display: inline-block; min-width: 11rem; }
        .row { display: flex; flex-wrap: wrap; gap: .75rem 1rem; align-items: center; margin-top: .75rem; }
        .status { font-weight: 600; }
        .good { color: var(--get); } .bad { color: var(--delete); }
        pre {
          max-height: 28rem; margin: .5rem 0; padding: .75rem; overflow: auto; border-radius: .3rem;
          background: var(--code); white-space: pre-wrap; overflow-wrap: anywhere;
        }
        .pictures { display: flex; flex-wrap: wrap; gap: .5rem; }
        .pictures img { width: 112px; height: 112px; object-fit: cover; border-radius: .3rem; }
        """
}

// MARK: - Script

extension DocumentationPage {
    private static let script = #"""
        "use strict";
        const verbs = ["get", "post", "patch", "delete"];
        const keyField = document.getElementById("key");
        let api;

        /** An element with attributes and children; texts become text nodes. */
        function make(name, attributes = {}, ...children) {
          const element = document.createElement(name);
          for (const [key, value] of Object.entries(attributes)) {
            if (key === "on") for (const event in value) element.addEventListener(event, value[event]);
            else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
          }
          element.append(...children.flat().filter(child => child !== undefined && child !== null && child !== ""));
          return element;
        }

        function headRow(...titles) {
          return make("thead", {}, make("tr", {}, titles.map(title => make("th", {scope: "col"}, title))));
        }

        /** A text in which `…` is code. */
        function prose(text = "") {
          return text.split("`").map((part, index) => index % 2 ? make("code", {}, part) : part);
        }

        function resolve(value) {
          while (value?.$ref) value = value.$ref.slice(2).split("/").reduce((place, step) => place[step], api);
          return value ?? {};
        }

        function nameOf(schema) { return schema?.$ref?.split("/").pop(); }

        /** All properties of a schema, those of its `allOf` among them. */
        function shapeOf(schema) {
          schema = resolve(schema);
          const shape = {properties: {...schema.properties}, required: [...(schema.required ?? [])]};
          for (const part of schema.allOf ?? []) {
            const other = shapeOf(part);
            Object.assign(shape.properties, other.properties);
            shape.required.push(...other.required);
          }
          return shape;
        }

        /** A schema's type in a few words. */
        function typeOf(schema) {
          const full = resolve(schema);
          if (full.anyOf) return full.anyOf.map(typeOf).join(" or ");
          if (full.allOf) return nameOf(schema) ?? "object";
          if (full.const !== undefined) return JSON.stringify(full.const);
          if (full.enum) return full.enum.map(value => JSON.stringify(value)).join(", ");
          const types = [].concat(full.type ?? "any");
          return types.map(type => type === "array" ? "array of " + typeOf(full.items ?? {})
            : type === "object" ? nameOf(schema) ?? "object"
            : full.format ? type === "null" ? type : type + " (" + full.format + ")" : type).join(" or ");
        }

        /** A schema's limits in a few words. */
        function limitsOf(schema) {
          const full = resolve(schema), limits = [];
          const range = (low, high, unit) => {
            if (low === undefined && high === undefined) return;
            const numbers = low === high ? low : high === undefined ? "at least " + low
              : low === undefined ? "at most " + high : low + "…" + high;
            limits.push(unit ? numbers + " " + unit : String(numbers));
          };
          range(full.minLength, full.maxLength, "characters");
          range(full.minItems, full.maxItems, "elements");
          range(full.minimum, full.maximum > Number.MAX_SAFE_INTEGER ? undefined : full.maximum);
          for (const part of full.anyOf ?? []) limits.push(...limitsOf(part));
          if (full.default !== undefined) limits.push("default " + JSON.stringify(full.default));
          return [...new Set(limits)];
        }

        /** The schema inside of a value: that of an array's elements, or the one beside `null`. */
        function innerOf(schema) {
          const full = resolve(schema);
          if (full.items) return innerOf(full.items);
          if (full.anyOf) return innerOf(full.anyOf.find(part => Object.keys(shapeOf(part).properties).length) ?? {});
          return schema;
        }

        function propertyTable(schema) {
          const shape = shapeOf(schema);
          const rows = Object.entries(shape.properties).map(([name, property]) => {
            const inner = innerOf(property);
            const isNested = Object.keys(shapeOf(inner).properties).length > 0;
            return make("tr", {},
              make("td", {}, make("code", {}, name), shape.required.includes(name)
                ? make("div", {class: "must"}, "required") : ""),
              make("td", {}, typeOf(property), make("div", {class: "soft"}, limitsOf(property).join(", "))),
              make("td", {}, make("p", {}, prose(resolve(property).description)), isNested
                ? later("nested", "Its members", () => make("div", {}, propertyTable(inner))) : ""));
          });
          return make("div", {class: "scroll"}, make("table", {},
            headRow("Member", "Type", "Meaning"), make("tbody", {}, rows)));
        }

        /** A part of the page that is made when it is opened. */
        function later(className, title, content) {
          const details = make("details", {class: className}, make("summary", {}, title));
          details.addEventListener("toggle", () => {
            if (details.open && details.children.length === 1) details.append(content());
          });
          return details;
        }

        function schemaBlock(schema) {
          const inner = innerOf(schema);
          const block = [make("p", {class: "soft"}, "JSON: " + typeOf(schema))];
          if (Object.keys(shapeOf(inner).properties).length) block.push(propertyTable(inner));
          return block;
        }

        function contentOf(part) { return part?.content?.["application/json"]?.schema; }

        /** Something to start from: what is required, and a few members besides. */
        function sampleOf(schema) {
          const full = resolve(schema), shape = shapeOf(schema);
          if (Object.keys(shape.properties).length) {
            return Object.fromEntries(Object.entries(shape.properties)
              .filter(([name]) => shape.required.includes(name))
              .map(([name, property]) => [name, sampleOf(property)]));
          }
          if (full.const !== undefined) return full.const;
          if (full.default !== undefined) return full.default;
          if (full.enum) return full.enum[0];
          if ([].concat(full.type).includes("array")) return [sampleOf(full.items)];
          return full.type === "integer" || full.type === "number" ? full.minimum ?? 0 : "";
        }

        function base64Of(file) {
          return new Promise((done, failed) => {
            const reader = new FileReader();
            reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
            reader.onerror = () => failed(reader.error);
            reader.readAsDataURL(file);
          });
        }

        /** The form that tries a method. */
        function tryForm(verb, path, parameters, method) {
          const id = method.operationId, fields = {};
          const rows = parameters.map(parameter => {
            const schema = resolve(parameter.schema), name = id + "-" + parameter.name;
            const field = schema.enum
              ? make("select", {id: name}, make("option", {value: ""}, "–"),
                schema.enum.map(value => make("option", {}, value)))
              : make("input", {id: name, required: parameter.required, autocomplete: "off"});
            fields[parameter.name] = field;
            return make("div", {class: "field"}, make("label", {for: name}, parameter.name), field);
          });
          const schema = contentOf(method.requestBody);
          let body;
          if (schema) {
            const name = id + "-body", shape = shapeOf(schema);
            body = make("textarea", {id: name, spellcheck: "false"});
            body.value = JSON.stringify(sampleOf(schema), null, 2);
            rows.push(make("div", {class: "field"}, make("label", {for: name}, "Body"), body));
            const pictures = Object.keys(shape.properties).filter(key => {
              const property = resolve(shape.properties[key]);
              return (resolve(property.items ?? property).contentEncoding) === "base64";
            });
            for (const key of pictures) {
              const property = resolve(shape.properties[key]), several = property.items !== undefined;
              const chooser = make("input", {
                id: id + "-" + key, type: "file", accept: "image/jpeg,image/png", multiple: several,
                on: {change: async () => {
                  let value;
                  try { value = JSON.parse(body.value || "{}"); } catch { value = sampleOf(schema); }
                  const texts = await Promise.all([...chooser.files].map(base64Of));
                  value[key] = several ? texts : texts[0] ?? "";
                  body.value = JSON.stringify(value, null, 2);
                }}
              });
              rows.push(make("div", {class: "field"},
                make("label", {for: id + "-" + key}, several ? "Pictures for " + key : "Picture for " + key), chooser));
            }
          }
          const status = make("span", {class: "status", role: "status"});
          const result = make("div");
          const button = make("button", {}, "Send");
          return make("form", {on: {submit: async event => {
            event.preventDefault();
            button.disabled = true;
            result.replaceChildren();
            status.className = "status soft";
            status.textContent = "Waiting…";
            try {
              await send(verb, path, parameters, fields, body?.value, status, result);
            } catch (error) {
              status.className = "status bad";
              status.textContent = "No answer: " + error.message;
            }
            button.disabled = false;
          }}}, rows, make("div", {class: "row"}, button, status), result);
        }

        async function send(verb, path, parameters, fields, body, status, result) {
          let address = path.slice(1);
          const query = new URLSearchParams();
          for (const parameter of parameters) {
            const value = fields[parameter.name].value;
            const place = "{" + parameter.name + "}";
            if (parameter.in === "path") address = address.replace(place, () => encodeURIComponent(value));
            else if (value !== "") query.set(parameter.name, value);
          }
          if (query.size) address += "?" + query;
          const headers = {};
          if (keyField.value) headers["x-api-key"] = keyField.value;
          if (body !== undefined) headers["Content-Type"] = "application/json";
          const start = performance.now();
          const answer = await fetch(new URL(address, document.baseURI), {method: verb.toUpperCase(), headers, body});
          const text = await answer.text();
          status.className = "status " + (answer.ok ? "good" : "bad");
          const emulated = answer.headers.get("X-Firserver-Emulated");
          status.textContent = [
            answer.status, answer.statusText, "after", Math.round(performance.now() - start), "ms",
            emulated && "(emulated: " + emulated + ")",
          ].filter(part => part !== "" && part !== null).join(" ");
          let shown = text;
          const pictures = [];
          try {
            shown = JSON.stringify(JSON.parse(text, (key, value) => {
              if (key === "thumbnail" && typeof value === "string") pictures.push(value);
              return value;
            }), null, 2);
          } catch { /* It is shown as it is. */ }
          if (pictures.length) {
            result.append(make("div", {class: "pictures"}, pictures.slice(0, 60).map((picture, index) =>
              make("img", {src: "data:image/jpeg;base64," + picture, alt: "Thumbnail " + (index + 1)}))));
          }
          const limit = 100000;
          result.append(make("pre", {tabindex: "0", "aria-label": "Answer"},
            shown.length > limit ? shown.slice(0, limit) + "\n…" : shown));
        }

        function methodBlock(verb, path, item) {
          const method = item[verb];
          const parameters = [...(item.parameters ?? []), ...(method.parameters ?? [])].map(resolve);
          const content = () => {
            const inside = make("div", {class: "inside"});
            if (method.description) inside.append(make("p", {}, prose(method.description)));
            if (parameters.length) {
              inside.append(make("h3", {}, "Parameters"), make("div", {class: "scroll"}, make("table", {},
                headRow("Name", "Place", "Type", "Meaning"),
                make("tbody", {}, parameters.map(parameter => make("tr", {},
                  make("td", {}, make("code", {}, parameter.name),
                    parameter.required ? make("div", {class: "must"}, "required") : ""),
                  make("td", {}, parameter.in),
                  make("td", {}, typeOf(parameter.schema),
                    make("div", {class: "soft"}, limitsOf(parameter.schema).join(", "))),
                  make("td", {}, prose(parameter.description))))))));
            }
            const body = contentOf(method.requestBody);
            if (body) inside.append(make("h3", {}, "Body"), ...schemaBlock(body));
            inside.append(make("h3", {}, "Answers"), make("div", {class: "scroll"}, make("table", {},
              headRow("Status", "Meaning"),
              make("tbody", {}, Object.entries(method.responses).map(([code, reference]) => {
                const response = resolve(reference), schema = contentOf(response);
                const names = Object.keys(response.headers ?? {});
                return make("tr", {},
                  make("td", {}, make("strong", {class: code < 400 ? "good" : "bad"}, code)),
                  make("td", {}, make("p", {}, prose(response.description)),
                    names.map(name => make("p", {class: "soft"}, make("code", {}, name), ": ",
                      prose(resolve(response.headers[name]).description))),
                    schema ? later("nested", "JSON", () => make("div", {}, schemaBlock(schema))) : ""));
              })))));
            inside.append(make("h3", {}, "Try it"), tryForm(verb, path, parameters, method));
            return inside;
          };
          const details = make("details", {class: "method", id: method.operationId}, make("summary", {},
            make("span", {class: "verb " + verb.toUpperCase()}, verb.toUpperCase()),
            make("span", {class: "path"}, path), make("span", {class: "soft"}, method.summary)));
          details.addEventListener("toggle", () => {
            if (details.open && details.children.length === 1) details.append(content());
          });
          return details;
        }

        function openLinked() {
          const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
          if (target?.tagName === "DETAILS") { target.open = true; target.scrollIntoView(); }
        }

        function show() {
          document.title = api.info.title;
          document.getElementById("title").textContent = api.info.title;
          document.getElementById("about").replaceChildren(...prose(api.info.description));
          for (const tag of api.tags) {
            const id = "group-" + tag.name.toLowerCase();
            document.getElementById("contents").append(make("a", {href: "#" + id}, tag.name));
            const section = make("section", {"aria-labelledby": id},
              make("h2", {id}, tag.name), make("p", {class: "soft"}, prose(tag.description)));
            for (const [path, item] of Object.entries(api.paths)) {
              for (const verb of verbs) {
                if (item[verb]?.tags.includes(tag.name)) section.append(methodBlock(verb, path, item));
              }
            }
            document.getElementById("methods").append(section);
          }
          openLinked();
          addEventListener("hashchange", openLinked);
        }

        document.getElementById("show").addEventListener("change", event => {
          keyField.type = event.target.checked ? "text" : "password";
        });
        fetch("openapi.json").then(answer => {
          if (!answer.ok) throw new Error("status " + answer.status);
          return answer.json();
        }).then(document => { api = document; show(); }).catch(error => {
          document.getElementById("about").textContent = "The document could not be loaded: " + error.message;
        });
        """#
}
