CREATE TABLE `road_hours` (
	`province` text PRIMARY KEY NOT NULL,
	`hours` integer NOT NULL,
	`changed_by` text NOT NULL,
	`changed_at` integer NOT NULL,
	CONSTRAINT "road_hours_hours" CHECK("road_hours"."hours" > 0)
);
--> statement-breakpoint
PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_freight_templates` (
	`id` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`name` text NOT NULL,
	`zones` text NOT NULL,
	`refused` text NOT NULL,
	`chilled_fen` integer DEFAULT 0 NOT NULL,
	`frozen_fen` integer DEFAULT 0 NOT NULL,
	`cutoff_minute` integer DEFAULT 0 NOT NULL,
	`version` integer NOT NULL,
	`updated_at` integer NOT NULL,
	CONSTRAINT "freight_templates_boxes" CHECK("__new_freight_templates"."chilled_fen" >= 0 and "__new_freight_templates"."frozen_fen" >= 0),
	CONSTRAINT "freight_templates_cutoff" CHECK("__new_freight_templates"."cutoff_minute" >= 0 and "__new_freight_templates"."cutoff_minute" < 1440)
);
--> statement-breakpoint
INSERT INTO `__new_freight_templates`("id", "shop_id", "name", "zones", "refused", "version", "updated_at") SELECT "id", "shop_id", "name", "zones", "refused", "version", "updated_at" FROM `freight_templates`;--> statement-breakpoint
DROP TABLE `freight_templates`;--> statement-breakpoint
ALTER TABLE `__new_freight_templates` RENAME TO `freight_templates`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE INDEX `freight_templates_shop` ON `freight_templates` (`shop_id`,`id`);