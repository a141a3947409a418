/** One value of several fields, as the CSV reader of buildx takes it apart again (Go's encoding/csv). */
export function csvFields(fields: readonly string[]): string {
  return fields
    .map((field) => (/[,"\r\n]|^\s/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(',')
}
