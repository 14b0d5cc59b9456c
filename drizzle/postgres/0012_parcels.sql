ALTER TABLE "parcels" ADD COLUMN "arrives_at" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "parcels" ADD COLUMN "reminded_at" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "parcels" ADD COLUMN "undone_words" text DEFAULT '' NOT NULL;