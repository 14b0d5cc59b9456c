CREATE TABLE "road_hours" (
	"province" text PRIMARY KEY NOT NULL,
	"hours" integer NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" bigint NOT NULL,
	CONSTRAINT "road_hours_hours" CHECK ("road_hours"."hours" > 0)
);
--> statement-breakpoint
ALTER TABLE "freight_templates" ADD COLUMN "chilled_fen" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "freight_templates" ADD COLUMN "frozen_fen" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "freight_templates" ADD COLUMN "cutoff_minute" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "freight_templates" ADD CONSTRAINT "freight_templates_boxes" CHECK ("freight_templates"."chilled_fen" >= 0 and "freight_templates"."frozen_fen" >= 0);--> statement-breakpoint
ALTER TABLE "freight_templates" ADD CONSTRAINT "freight_templates_cutoff" CHECK ("freight_templates"."cutoff_minute" >= 0 and "freight_templates"."cutoff_minute" < 1440);