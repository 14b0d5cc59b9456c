DROP INDEX "lot_specs_spec";--> statement-breakpoint
CREATE INDEX "lot_specs_open" ON "lot_specs" USING btree ("spec_id","left");