// Says what is wrong with a SARIF log, a line each, by the schema of OASIS that @microsoft/jest-sarif carries.
const fs = require("fs");
const path = require("path");
const modules = path.join(__dirname, "..", "node_modules");
const Ajv = require(path.join(modules, "ajv"));
const schema = path.join(modules, "@microsoft", "jest-sarif", "lib", "schemas", "sarif-2.1.0-rtm.5.json");
const ajv = new Ajv({ allErrors: true, meta: false, schemaId: "id" }); // the schema is one of draft 4
ajv.addMetaSchema(JSON.parse(fs.readFileSync(path.join(modules, "ajv", "lib", "refs", "json-schema-draft-04.json"), "utf8")));
const validate = ajv.compile(JSON.parse(fs.readFileSync(schema, "utf8")));
if (!validate(JSON.parse(fs.readFileSync(0, "utf8")))) {
  for (const error of validate.errors) console.log(`${error.dataPath}: ${error.message}`);
}
