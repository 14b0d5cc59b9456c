DROP INDEX `lot_specs_spec`;--> statement-breakpoint
CREATE INDEX `lot_specs_open` ON `lot_specs` (`spec_id`,`left`);